import { Input, Label, SearchField } from 'react-aria-components';
import { Icon } from './Icon.tsx';

/** @param props `placeholder` says by what something is found */
export function Search(props: { value: string; placeholder: string; onChange(value: string): void }) {
  return (
    <SearchField className="field search" value={props.value} onChange={props.onChange}>
      <Label className="hidden-text">Search</Label>
      <Icon name="search" />
      <Input placeholder={props.placeholder} />
    </SearchField>
  );
}
