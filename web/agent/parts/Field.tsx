/** Fields with their label, hint and error in one place. */
import {
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
  TextArea,
  TextField,
  Button,
} from 'react-aria-components';
import { Icon } from './Icon.tsx';

interface TextProps {
  label: string;
  value: string;
  onChange(value: string): void;
  hint?: string;
  /** What to do about it, in words; undefined when it is right. */
  error?: string | undefined;
  rows?: number;
  type?: 'text' | 'email' | 'password';
  name?: string;
  autoComplete?: string;
  placeholder?: string;
  className?: string;
  inputClassName?: string;
  autoFocus?: boolean;
  isRequired?: boolean;
  isDisabled?: boolean;
  spellCheck?: 'true' | 'false';
  onKeyDown?(event: { key: string; preventDefault(): void; continuePropagation(): void }): void;
}

/** One line, or `rows` lines. */
export function Field(props: TextProps) {
  const { label, hint, error, rows, className = '', inputClassName = '', placeholder, ...rest } = props;
  return (
    <TextField
      {...rest}
      className={`field ${className}`}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      data-field={props.name}
    >
      <Label>{label}</Label>
      {rows === undefined ? (
        <Input placeholder={placeholder} className={inputClassName} />
      ) : (
        <TextArea rows={rows} placeholder={placeholder} className={inputClassName} />
      )}
      {hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  );
}

interface PickProps<T extends string> {
  label: string;
  value: T;
  options: readonly { id: T; label: string }[];
  onChange(value: T): void;
  hint?: string;
}

/** One of a few. */
export function Pick<T extends string>({ label, value, options, onChange, hint }: PickProps<T>) {
  return (
    <Select
      className="field"
      value={value}
      onChange={(key) => {
        const option = options.find((one) => one.id === key);
        if (option) onChange(option.id);
      }}
    >
      <Label className="label">{label}</Label>
      <Button className="select-button">
        <SelectValue />
        <Icon name="caret" />
      </Button>
      {hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <Popover className="popover">
        <ListBox items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className="item">
              {option.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
