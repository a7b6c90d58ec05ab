/** Puts the focus on the first field that has an error, once the page shows it. */
export function focusFirstError(form: HTMLElement | null): void {
  requestAnimationFrame(() => {
    form?.querySelector<HTMLElement>('[data-invalid] input, [data-invalid] textarea, .field-error')?.focus();
  });
}

/**
 * "2 fields need another look."
 * @param errors messages by field; null when there is none
 */
export function errorsInWords(errors: Record<string, string>): string | null {
  const howMany = Object.keys(errors).length;
  if (howMany === 0) return null;
  return howMany === 1 ? 'One field needs another look.' : `${howMany} fields need another look.`;
}
