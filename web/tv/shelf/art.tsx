/** @jsxImportSource preact */
/**
 * The titles' artwork, drawn: nothing is fetched, and it is as sharp on a card as behind the
 * heading. None of it is yellow, which belongs to the focus.
 */
import type { VNode } from 'preact';

export type Artwork = 'bay' | 'north' | 'train' | 'birds' | 'reef' | 'dunes' | 'city' | 'forest';

/** Top and bottom of each background. */
const SKIES: Record<Artwork, readonly string[]> = {
  bay: ['#1B1E48', '#6A4B86', '#E08A84'],
  north: ['#0B1530', '#123B52', '#1D5C66'],
  train: ['#191734', '#45305E', '#A45468'],
  birds: ['#8FB7C9', '#D9C9CF', '#E9B8A6'],
  reef: ['#0E7C8C', '#0B4A73', '#0A2148'],
  dunes: ['#7E8FB5', '#C99A9A', '#DE8F6C'],
  city: ['#232A52', '#54437C', '#B06A86'],
  forest: ['#93B3AE', '#4F8079', '#1F4A4B'],
};

export function Art({ art, label }: { art: Artwork; label?: string }): VNode {
  const sky = `sky-${art}`;
  const stops = SKIES[art];
  return (
    <svg
      class="art"
      viewBox="0 0 320 180"
      preserveAspectRatio="xMidYMid slice"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' })}
    >
      <defs>
        <linearGradient id={sky} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stop-color={stops[0]} />
          <stop offset=".55" stop-color={stops[1]} />
          <stop offset="1" stop-color={stops[2]} />
        </linearGradient>
      </defs>
      <rect width="320" height="180" fill={`url(#${sky})`} />
      {SCENES[art]()}
    </svg>
  );
}

const SCENES: Record<Artwork, () => VNode> = {
  bay: () => (
    <g>
      <circle cx="206" cy="104" r="24" fill="#F1DDD2" />
      <path d="M0 112c30-34 46-32 66-14 16 12 34 12 60 14z" fill="#5A4A80" />
      <path d="M216 112c30-8 46-22 66-26 16-2 26 8 38 12v14z" fill="#6E5286" />
      <rect y="112" width="320" height="68" fill="#3A3A72" />
      <path d="M0 112h320v22H0z" fill="#9A6886" opacity=".6" />
      <g fill="#F1DDD2">
        <path
          d="M182 116h50v2h-50zM188 122h40v2h-40zM178 130h54v2.500h-54zM194 139h26v2.500h-26zM184 150h46v3h-46z"
          opacity=".7"
        />
      </g>
      <path d="M116 132V88l-17 44zM119 132V94c12 12 15 24 16 38z" fill="#EADFE6" />
      <path d="M94 135h46l-7 8h-32z" fill="#1A1B3C" />
    </g>
  ),
  north: () => (
    <g>
      <g fill="#DDEBF0">
        <path d="M30 22h1.400v1.400H30zM76 40h1v1h-1zM120 16h1.400v1.400H120zM168 30h1v1h-1zM226 14h1.400v1.400H226zM284 34h1.400v1.400H284zM300 12h1v1h-1zM52 60h1v1h-1zM254 54h1v1h-1z" />
      </g>
      <path
        d="M-10 96C50 30 90 92 146 54s92-10 190-46v34c-90 34-122 14-178 44S60 82-10 136z"
        fill="#59D6AE"
        opacity=".5"
      />
      <path
        d="M-10 112C60 60 104 112 160 78s90-14 176-40v20c-84 26-112 20-168 48S70 104-10 140z"
        fill="#8BE8C8"
        opacity=".45"
      />
      <path
        d="M-10 76C60 26 90 66 140 36s120-8 200-40v18c-90 20-136 18-186 44S60 66-10 104z"
        fill="#8E7BE0"
        opacity=".38"
      />
      <path d="M0 148l44-36 30 22 40-44 46 46 38-28 50 36 34-24 38 30v40H0z" fill="#0E2A3E" />
      <path d="M114 90l14 15-12 4-10-6zM44 112l10 7-9 4-7-5zM198 108l12 9-11 3-8-6z" fill="#BFE3E6" opacity=".75" />
      <path d="M0 160c60-14 120-4 180-8s100-4 140 2v26H0z" fill="#C5DDE6" />
      <path d="M226 158v-12l10-8 10 8v12z" fill="#14222F" />
      <path d="M233 149h6v6h-6z" fill="#F0A07E" />
    </g>
  ),
  train: () => (
    <g>
      <path d="M250 27a17 17 0 1 1-15.500 24A17 17 0 0 0 250 27z" fill="#EADCE0" />
      <path d="M0 122l52-40 40 26 56-54 60 52 40-22 72 40v56H0z" fill="#2E244E" />
      <path d="M0 132c60-16 110-8 170-6s100-10 150-4v58H0z" fill="#211C3E" />
      <path d="M0 146h320v3H0z" fill="#0F0E22" />
      <path d="M-6 114h236c26 0 46 12 56 30H-6z" fill="#141A38" />
      <path d="M-6 114h236c8 0 15 1 22 4H-6z" fill="#4B4F86" />
      <g fill="#F2B89A">
        <path d="M8 122h20v11H8zM36 122h20v11H36zM92 122h20v11H92zM120 122h20v11h-20zM176 122h20v11h-20zM204 122h20v11h-20z" />
      </g>
      <path d="M64 122h20v11H64zM148 122h20v11h-20zM234 122c14 1 22 5 28 11h-28z" fill="#8FA6D8" />
      <path d="M-6 138h287l3 4H-6z" fill="#C45A72" />
      <path d="M0 152h250l70 4v4H0z" fill="#F2B89A" opacity=".14" />
    </g>
  ),
  birds: () => (
    <g>
      <circle cx="82" cy="66" r="34" fill="#F6E4DC" opacity=".85" />
      <path d="M0 138c50-20 92-14 140-4s120 4 180-16v62H0z" fill="#B98E9C" />
      <path d="M0 154c70-16 124 2 188-4s92-12 132-12v42H0z" fill="#7B6486" />
      <g>
        <path d="M150 92l58-34-20 44z" fill="#FBF6F4" />
        <path d="M150 92l38 10-14 18z" fill="#D5C4CC" />
        <path d="M188 102l20-44 28 30z" fill="#E9DDE0" />
        <path d="M188 102l48-14-26 26z" fill="#C2AEBC" />
      </g>
      <g transform="translate(46 -22) scale(.62)">
        <path d="M310 92l58-34-20 44z" fill="#F7D9CE" />
        <path d="M310 92l38 10-14 18z" fill="#CE8F86" />
        <path d="M348 102l20-44 28 30z" fill="#E5AFA2" />
      </g>
      <g transform="translate(58 62) scale(.4)">
        <path d="M150 92l58-34-20 44z" fill="#DCEAF0" />
        <path d="M150 92l38 10-14 18z" fill="#87A9BC" />
        <path d="M188 102l20-44 28 30z" fill="#B3CBD7" />
      </g>
    </g>
  ),
  reef: () => (
    <g>
      <path d="M90 0L40 180h52L130 0zM170 0l-8 180h66L206 0zM250 0l46 180h40L280 0z" fill="#9FE3E0" opacity=".14" />
      <path d="M0 180v-36c16-14 22 4 32-10s18-26 30-10 8 26 24 22 18 10 26 12 18 4 24 22z" fill="#0A2A4E" />
      <path d="M320 180v-60c-14-10-18 8-28 2s-22-16-32 2-4 22-18 24-16 14-24 14-20 8-24 18z" fill="#0B2448" />
      <g stroke="#E57C8B" stroke-width="5" stroke-linecap="round" fill="none">
        <path d="M36 178c0-20-4-30-12-40M36 156c4-10 8-16 16-22M36 168c-8-4-12-6-20-6" />
      </g>
      <g stroke="#B98BE0" stroke-width="5" stroke-linecap="round" fill="none">
        <path d="M284 178c0-22 4-34 12-44M284 158c-6-10-10-16-20-20M284 168c10-6 14-8 24-8" />
      </g>
      <g>
        <path d="M122 84c16-18 46-20 66 0-20 20-50 18-66 0z" fill="#F08E78" />
        <path d="M186 84l22-14v28z" fill="#D96C68" />
        <path d="M146 73c4 8 4 16 0 22M160 70c5 9 5 19 0 28" stroke="#FBE9E2" stroke-width="4" fill="none" />
        <circle cx="134" cy="81" r="2.600" fill="#16233E" />
      </g>
      <g fill="#8FD3DC" opacity=".75">
        <path d="M218 48c6-6 16-7 24 0-8 7-18 6-24 0zM240 48l8-5v10zM242 62c6-6 16-7 24 0-8 7-18 6-24 0zM264 62l8-5v10zM206 64c5-5 13-6 20 0-7 6-15 5-20 0zM224 64l7-4v8z" />
      </g>
      <g fill="#DDF6F4" opacity=".5">
        <circle cx="112" cy="60" r="3" />
        <circle cx="106" cy="46" r="2" />
        <circle cx="114" cy="34" r="1.500" />
      </g>
    </g>
  ),
  dunes: () => (
    <g>
      <circle cx="92" cy="58" r="20" fill="#F7E1D6" />
      <path d="M0 110c60-30 100-22 150-8s120 4 170-18v96H0z" fill="#D08E7C" />
      <path d="M0 124c40 6 90-34 150-34 40 0 60 26 170 20v70H0z" fill="#B9685F" />
      <path d="M150 90c-30 0-20 40 30 56s90 20 140 34v-70c-110 6-130-20-170-20z" fill="#8E4A55" />
      <path d="M0 156c80-26 140-2 200 6s90 6 120 2v16H0z" fill="#6B3A4C" />
      <g fill="#3A2136">
        <path d="M104 101l2-9 3-1 2 3 4-3 4 3 3-1 3-6 3 1-1 3-3 5-1 6v8h-1.500v-8h-8l-1 8h-1.500l-1-8-4-3v11h-1.500z" />
        <path d="M74 109l2-9 3-1 2 3 4-3 4 3 3-1 3-6 3 1-1 3-3 5-1 6v8h-1.500v-8h-8l-1 8h-1.500l-1-8-4-3v11h-1.500z" />
        <path d="M145 95l2-4 2 4 1 12h-5zM146.500 88.500a1.800 1.800 0 103.600 0 1.800 1.800 0 10-3.600 0z" />
      </g>
    </g>
  ),
  city: () => (
    <g>
      <path d="M0 92h30V66h34v30h22V54h40v50h26V72h36v34h28V60h42v34h24V74h38v106H0z" fill="#3A3363" />
      <path d="M34 180V46l56-22 56 22v134z" fill="#1D2145" />
      <path d="M30 46l60-24 60 24v7L90 30 30 53z" fill="#E58A8A" />
      <g fill="#F3B79C">
        <path d="M46 64h20v26H46zM114 64h20v26h-20zM80 104h20v26H80z" />
      </g>
      <g fill="#6FB4C9">
        <path d="M80 64h20v26H80zM46 104h20v26H46z" />
      </g>
      <path d="M114 104h20v26h-20zM46 144h20v26H46zM114 144h20v26h-20z" fill="#343B70" />
      <path d="M80 148h20v32H80z" fill="#C8607C" />
      <path d="M52 90v-9a4 4 0 018 0v9zM120 90v-12l4-5 4 5v12zM87 130v-10a3 3 0 016 0v10z" fill="#5A2F4E" />
      <path d="M186 180v-74h100v74z" fill="#272A55" />
      <g fill="#E58A8A" opacity=".85">
        <path d="M200 120h14v16h-14zM258 146h14v16h-14z" />
      </g>
      <path d="M229 120h14v16h-14zM258 120h14v16h-14zM200 146h14v16h-14zM229 146h14v16h-14z" fill="#3E4480" />
      <circle cx="252" cy="36" r="13" fill="#EADCE4" />
    </g>
  ),
  forest: () => (
    <g>
      <circle cx="176" cy="66" r="30" fill="#E6F0EA" opacity=".8" />
      <path
        d="M0 180V92l12-30 12 30 10-24 14 38 12-28 16 40 14-30 12 28 16-36 14 36 10-22 14 30 14-36 14 34 12-28 14 36 12-32 16 34 14-42 12 34 10-20 10 26 6-8v92z"
        fill="#6E9F97"
      />
      <path
        d="M0 180v-50l14-42 16 46 14-36 18 50 14-30 14 30h120l14-32 16 36 14-52 16 46 16-38 14 34 6-12v50z"
        fill="#3C6F6B"
      />
      <path d="M0 180v-28l18-84 22 84 12-44 18 50c30 8 110 8 156 0l20-62 18 50 22-80 24 76 10-30v68z" fill="#173B3E" />
      <path d="M0 164c70-12 200-14 320 0v16H0z" fill="#10292D" />
      <g fill="#10292D">
        <path d="M140 164v-22l-3-8 4-7 20-2 8-13-2-9 4 5 6-2 5 5 5 3-1 3-8 2-5 14-3 9v22h-3v-20l-3-5-13 1-4 6 0 18h-3v-18l-3-3v21z" />
        <path d="M170 110c-4-4-7-8-6-15l2 0c0 4 1 6 3 8l1-7 2 0-1 12zM176 109c4-3 8-6 9-13l-2 0c-1 4-3 6-5 7l1-7-2 0-2 11z" />
      </g>
    </g>
  ),
};
