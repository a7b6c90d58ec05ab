import { useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import { Field } from '../parts/Field.tsx';
import { messageOf } from '../parts/load.ts';
import { focusFirstError } from '../parts/show-errors.ts';
import { Notice } from '../parts/Notice.tsx';
import { Slow } from '../parts/Slow.tsx';
import { ApiFailure } from './desk-api.ts';

interface Props {
  /** What happened before, when something did. */
  why: string | null;
  signIn(email: string, password: string): Promise<void>;
}

/** Errors never say which field was wrong; only what is empty is told at its field. */
export function SignIn({ why, signIn }: Props) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  /** From here on a field that is empty says so. */
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const submit = async () => {
    if (busy) return;
    if (email.trim() === '' || password === '') {
      setTried(true);
      setError(null);
      focusFirstError(form.current);
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await signIn(email.trim(), password);
    } catch (failure) {
      const denied = failure instanceof ApiFailure && (failure.status === 401 || failure.status === 400);
      setError(denied ? 'E-mail address and password do not match. Check both and try again.' : messageOf(failure));
      setBusy(false);
    }
  };

  return (
    <main className="gate">
      <div className="card sign-in">
        <Mark />
        <h1>Sign in to Couchline</h1>
        {error === null && why !== null ? <Notice tone="info">{why}</Notice> : null}
        {error === null ? null : <Notice tone="bad">{error}</Notice>}
        <Form
          ref={form}
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Field
            label="E-mail address"
            type="email"
            name="email"
            autoComplete="username"
            value={email}
            onChange={setEmail}
            error={tried && email.trim() === '' ? 'Enter your e-mail address.' : undefined}
            autoFocus
          />
          <Field
            label="Password"
            type="password"
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
            error={tried && password === '' ? 'Enter your password.' : undefined}
          />
          <BusyButton type="submit" className="button primary" isBusy={busy}>
            {busy ? 'Signing in' : 'Sign in'}
          </BusyButton>
          <Slow isBusy={busy} />
        </Form>
      </div>
    </main>
  );
}

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0b6478" />
      <path d="M7 9h18v11H7z" fill="none" stroke="#fff" strokeWidth="2.5" strokeLinejoin="round" />
      <path d="M5 25h22" stroke="#ffd75e" strokeWidth="2.5" strokeLinecap="round" />
    </svg>
  );
}
