/** A value that does not print: not by `String`, not in JSON, not by `console.log`, not in a logger's fields. */
import { inspect } from 'node:util'

export const DOTS = '••••••••'

export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The only way to the value. Call it where the value is used, never to store it. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return DOTS
  }

  toJSON(): string {
    return DOTS
  }

  [inspect.custom](): string {
    return DOTS
  }
}

export const toSecret = (value: string | undefined): Secret | undefined =>
  value === undefined ? undefined : new Secret(value)
