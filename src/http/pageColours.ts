/** The desk's colours (web/theme/desk.css) for the pages that the service writes itself, which need nothing built. */
export const pageColours = `:root { color-scheme: light dark; --bg: #F4F5F7; --surface: #FFFFFF; --raised: #E7EAF0; --line: #758294;
  --text: #161B22; --text-2: #4A5565; --primary: #0B6478; --focus: #161B22; --halo: #FFD75E; }
@media (prefers-color-scheme: dark) {
  :root { --bg: #12161D; --surface: #1B212B; --raised: #262E3B; --line: #7E8CA1;
    --text: #E8ECF2; --text-2: #A9B4C2; --primary: #5CC1D6; --focus: #FFD75E; --halo: #12161D; }
}
* { box-sizing: border-box; }`;
