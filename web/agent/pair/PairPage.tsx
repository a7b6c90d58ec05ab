import { useEffect, useRef, useState } from 'react';
import { Button, Form } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import type { PairingPending } from '../../../src/protocol/api.ts';
import { useNow } from '../parts/clock.ts';
import { Fact } from '../parts/Fact.tsx';
import { Field } from '../parts/Field.tsx';
import { messageOf } from '../parts/load.ts';
import { Notice } from '../parts/Notice.tsx';
import { span } from '../parts/time.ts';
import { navigate } from '../router.ts';
import type { DeskApi, PairingAnswer } from '../session/desk-api.ts';
import { required, tooLong } from '../tasks/task-form.ts';
import { readUserCode } from './user-code.ts';

type Step =
  { kind: 'code' } | { kind: 'confirm'; pending: PairingPending } | { kind: 'done'; name: string; allowed: boolean };

/** A TV without credentials shows a code; a signed-in person says whose TV it is (RFC 8628). */
export function PairPage({ api, code }: { api: DeskApi; code: string }) {
  const [step, setStep] = useState<Step>({ kind: 'code' });
  return (
    <section className="narrow" aria-label="Pair a TV" data-pane="" tabIndex={-1}>
      <h1>Pair a TV</h1>
      {step.kind === 'code' ? (
        <CodeStep
          code={code}
          look={(userCode) => api.pairing(userCode)}
          onFound={(pending) => setStep({ kind: 'confirm', pending })}
        />
      ) : null}
      {step.kind === 'confirm' ? (
        <ConfirmStep
          pending={step.pending}
          answer={(answer) => api.answerPairing(step.pending.userCode, answer)}
          onDone={(name, allowed) => setStep({ kind: 'done', name, allowed })}
          onOther={() => setStep({ kind: 'code' })}
        />
      ) : null}
      {step.kind === 'done' ? (
        <Notice
          tone={step.allowed ? 'ok' : 'info'}
          role="status"
          actions={
            <>
              <Button className="button" onPress={() => navigate({ page: 'tvs', tvId: null })}>
                Show all TVs
              </Button>
              <Button
                className="button"
                onPress={() => {
                  navigate({ page: 'pair', code: '' }, 'replace');
                  setStep({ kind: 'code' });
                }}
              >
                Pair another
              </Button>
            </>
          }
        >
          {step.allowed
            ? `“${step.name}” is paired. The TV goes on by itself in a few seconds.`
            : 'Refused. The TV was not paired, and its code works no more.'}
        </Notice>
      ) : null}
    </section>
  );
}

interface CodeProps {
  code: string;
  look(userCode: string): Promise<PairingPending>;
  onFound(pending: PairingPending): void;
}

function CodeStep({ code, look, onFound }: CodeProps) {
  const [typed, setTyped] = useState(code);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    if (busy) return;
    const reading = readUserCode(typed);
    if (reading.kind !== 'complete') {
      setError(reading.message);
      return;
    }
    setBusy(true);
    setError(null);
    try {
      onFound(await look(reading.code));
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };
  return (
    <Form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p>The TV shows a code of eight letters. Type it as you see it; hyphen and case do not matter.</p>
      <Field
        label="Code on the TV"
        inputClassName="code-input id"
        placeholder="BCDF-GHJK"
        autoComplete="off"
        spellCheck="false"
        value={typed}
        onChange={setTyped}
        error={error ?? undefined}
        autoFocus
      />
      <div className="actions">
        <BusyButton type="submit" className="button primary" isBusy={busy}>
          Find the TV
        </BusyButton>
      </div>
    </Form>
  );
}

interface ConfirmProps {
  pending: PairingPending;
  answer(answer: PairingAnswer): Promise<void>;
  onDone(name: string, allowed: boolean): void;
  onOther(): void;
}

function ConfirmStep({ pending, answer, onDone, onOther }: ConfirmProps) {
  const [name, setName] = useState('');
  const [customer, setCustomer] = useState('');
  const [reference, setReference] = useState('');
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState<'allow' | 'refuse' | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const now = useNow(0);
  useEffect(() => heading.current?.focus(), []);

  const nameError = required(name, 60, 'how the home calls this TV');
  const customerError =
    customer.trim() === '' && reference.trim() !== ''
      ? 'Enter the customer’s name too, or leave the number empty.'
      : tooLong(customer, 80);
  const referenceError = tooLong(reference, 64);

  const send = async (allow: boolean) => {
    if (busy !== null) return;
    if (allow) {
      setTried(true);
      if (nameError !== null || customerError !== null || referenceError !== null) return;
    }
    setBusy(allow ? 'allow' : 'refuse');
    setFailure(null);
    try {
      await answer(
        allow
          ? {
              allow,
              name: name.trim(),
              customer:
                customer.trim() === ''
                  ? null
                  : {
                      name: customer.trim(),
                      ...(reference.trim() === '' ? {} : { reference: reference.trim() }),
                    },
            }
          : { allow },
      );
      onDone(name.trim(), allow);
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(null);
    }
  };

  const left = pending.expiresAt - now;
  return (
    <Form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        void send(true);
      }}
    >
      <h2 ref={heading} tabIndex={-1}>
        Is this the TV in front of the viewer?
      </h2>
      <dl className="facts wide">
        <Fact label="Model" value={pending.model} />
        {pending.serial === null ? null : <Fact label="Serial number" value={pending.serial} isId />}
        <Fact label="Code" value={pending.userCode} isId />
        <Fact
          label="Works for"
          value={left > 0 ? <span className="number">{span(left)}</span> : 'The time is up. The TV shows a new code.'}
        />
      </dl>
      {pending.replaces === null ? null : (
        <Notice tone="warn" role="status">
          {whatEnds(pending.replaces)}
        </Notice>
      )}
      <Field
        label="Name of the TV"
        hint="How the home calls it: “Living room TV”."
        value={name}
        onChange={setName}
        error={tried ? (nameError ?? undefined) : undefined}
      />
      <Field
        label="Customer (optional)"
        value={customer}
        onChange={setCustomer}
        error={tried ? (customerError ?? undefined) : undefined}
      />
      <Field
        label="Customer number (optional)"
        hint="As it stands in your own books."
        value={reference}
        onChange={setReference}
        error={tried ? (referenceError ?? undefined) : undefined}
      />
      {failure === null ? null : (
        <Notice
          tone="bad"
          actions={
            <Button className="button" onPress={onOther}>
              Type another code
            </Button>
          }
        >
          {failure}
        </Notice>
      )}
      <div className="actions">
        <BusyButton type="submit" className="button primary" isBusy={busy === 'allow'} isDisabled={busy === 'refuse'}>
          Allow this TV
        </BusyButton>
        <BusyButton
          className="button"
          isBusy={busy === 'refuse'}
          isDisabled={busy === 'allow'}
          onPress={() => void send(false)}
        >
          Refuse
        </BusyButton>
      </div>
    </Form>
  );
}

function whatEnds({ name, customerName }: NonNullable<PairingPending['replaces']>): string {
  const whose = customerName === null ? '' : `, the TV of ${customerName},`;
  return `This gives “${name}”${whose} new credentials; the old ones stop working.`;
}
