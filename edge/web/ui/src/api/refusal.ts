import type { Problem } from './shapes';

/**
 * Why a request has no good answer. `refused`: the appliance answered and said no. `unknown`:
 * no answer came, so the deed may or may not be done, and only the same key may try it again.
 */
export class Refusal extends Error {
  readonly outcome: 'refused' | 'unknown';
  readonly code: string;

  constructor(outcome: 'refused' | 'unknown', code: string, sentence: string) {
    super(sentence);
    this.name = 'Refusal';
    this.outcome = outcome;
    this.code = code;
  }
}

interface Answer<T> {
  data?: T;
  error?: Partial<Problem>;
  response: Response;
}

/** Waits for an answer and gives its body, or throws a {@link Refusal}. */
export async function answered<T>(sent: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await sent;
  } catch {
    throw new Refusal('unknown', 'no_answer', '');
  }
  if (answer.response.ok) return answer.data as T;
  const { status } = answer.response;
  // A gateway's 502 to 504 says nothing about what the appliance did.
  const outcome = status >= 502 && status <= 504 ? 'unknown' : 'refused';
  const problem = answer.error ?? {};
  throw new Refusal(
    outcome,
    problem.code ?? `http_${status}`,
    problem.detail ?? problem.title ?? '',
  );
}
