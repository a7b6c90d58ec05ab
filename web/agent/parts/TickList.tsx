import { useId } from 'react';
import { Checkbox } from 'react-aria-components';

interface Props<T extends string> {
  label: string;
  /** What each is, in words. */
  options: readonly (readonly [T, string])[];
  chosen: readonly T[];
  /** What to do about it, in words; undefined when it is right. */
  error: string | undefined;
  /** In the order of the options. */
  onChange(chosen: T[]): void;
}

/** Some of a few. */
export function TickList<T extends string>({ label, options, chosen, error, onChange }: Props<T>) {
  const id = useId();
  return (
    <div className="tick-field" data-invalid={error === undefined ? undefined : ''}>
      <p className="label" id={`${id}-label`}>
        {label}
      </p>
      <div className="tick-list" role="group" aria-labelledby={`${id}-label`} aria-describedby={`${id}-error`}>
        {options.map(([option, words]) => (
          <Checkbox
            key={option}
            className="choice tick"
            isSelected={chosen.includes(option)}
            onChange={(ticked) =>
              onChange(options.map(([one]) => one).filter((one) => (one === option ? ticked : chosen.includes(one))))
            }
          >
            <span>{words}</span>
          </Checkbox>
        ))}
      </div>
      <p className="field-error" id={`${id}-error`} role="status">
        {error}
      </p>
    </div>
  );
}
