/**
 * Words a caption may open and close with, by tone, in both languages. They invite, address and set a mood; none of them
 * claims anything about the film. `{seconds}`, `{brand}` and `{place}` are measured or supplied.
 */

import type { Tone } from '../../tools/brand/tones.ts'
import type { Lang } from '../words/language.ts'

export type Manner = Tone | 'plain'

interface Bank {
  openings: readonly string[]
  emoji: readonly string[]
}

export const PHRASES: Readonly<Record<Lang, Readonly<Record<Manner, Bank>>>> = {
  en: {
    plain: {
      openings: [
        '{seconds} of {brand}.',
        'Press play.',
        'A moment from {brand}.',
        '{place}.',
        'Straight from {brand}.',
        'One more from {brand}.',
      ],
      emoji: ['▶️', '🎬', '👀'],
    },
    energetic: {
      openings: [
        "Ready? {seconds}. Let's go!",
        'Now: {brand}!',
        'Feel it. {seconds}!',
        'Turn it up: {place}!',
        'Go! {seconds} of {brand}.',
        'Power on. Press play now!',
      ],
      emoji: ['🔥', '⚡', '🙌'],
    },
    calm: {
      openings: [
        'Breathe. {seconds} of {brand}.',
        'Slow down for {seconds}.',
        'A quiet moment with {brand}.',
        'Gently, {place}.',
        'Rest here for {seconds}.',
        'Still. Just {brand}.',
      ],
      emoji: ['🌙', '🌿', '☁️'],
    },
    warm: {
      openings: [
        '{seconds} for you, from {brand}.',
        'Together again: {place}.',
        'Welcome. This one is for you.',
        'Thank you for being here with {brand}.',
        'With you, {seconds} at a time.',
        'From {brand}, with love.',
      ],
      emoji: ['💙', '🧡', '🤗'],
    },
    formal: {
      openings: [
        '{brand} presents {seconds}.',
        'We are pleased to present {place}.',
        '{brand} presents a new moment.',
        'We invite you to watch {seconds} of {brand}.',
        'Please watch {place}, from {brand}.',
        'Now presented by {brand}.',
      ],
      emoji: ['🎬', '▶️', '📽️'],
    },
    playful: {
      openings: [
        'Guess what: {seconds} of {brand}.',
        'No spoilers. Press play.',
        'Secret: {place}.',
        'Oops, we did it in {seconds}.',
        'Shh. {brand} is on.',
        'Guess how {seconds} end.',
      ],
      emoji: ['😉', '🤪', '😏'],
    },
    bold: {
      openings: [
        'No excuses. {seconds}.',
        'Dare to press play.',
        'Rules? {brand}.',
        'Fearless. {place}.',
        'Break for {seconds}.',
        'Nobody waits. Press play.',
      ],
      emoji: ['💥', '🖤', '⚡'],
    },
    inspiring: {
      openings: [
        'Imagine. {seconds} of {brand}.',
        'Begin here: {place}.',
        'Dream for {seconds}.',
        'Believe in {seconds}.',
        'The journey goes on with {brand}.',
        'Beyond words: {place}.',
      ],
      emoji: ['✨', '🌅', '🙌'],
    },
    elegant: {
      openings: [
        'Every detail, in {seconds}.',
        'The essence of {brand}, in {seconds}.',
        'Crafted by {brand}: {place}.',
        'A timeless moment from {brand}.',
        'In detail: {place}.',
        'Refined, in {seconds}.',
      ],
      emoji: ['🖤', '🤍', '✨'],
    },
  },
  es: {
    plain: {
      openings: [
        '{seconds} de {brand}.',
        'Dale al play.',
        'Un momento de {brand}.',
        '{place}.',
        'Directo desde {brand}.',
        'Una más de {brand}.',
      ],
      emoji: ['▶️', '🎬', '👀'],
    },
    energetic: {
      openings: [
        '¿Listos? {seconds}. ¡Vamos!',
        '¡Ya! {seconds} de {brand}.',
        '¡Dale! {place}.',
        'Arranca {brand}: {seconds}.',
        '¡A tope! {seconds}.',
        'Sube el volumen: {place}.',
      ],
      emoji: ['🔥', '⚡', '🙌'],
    },
    calm: {
      openings: [
        'Respira. {seconds} de {brand}.',
        'Despacio: {place}.',
        'Un momento en calma con {brand}.',
        'Sin prisa, {seconds}.',
        'Silencio. Empieza {brand}.',
        'Descansa {seconds} con {brand}.',
      ],
      emoji: ['🌙', '🌿', '☁️'],
    },
    warm: {
      openings: [
        '{seconds} para ti, de {brand}.',
        'Juntos otra vez: {place}.',
        'Gracias por estar aquí, con {brand}.',
        'Bienvenidos. Esto es de {brand}.',
        'Un abrazo de {brand}, en {seconds}.',
        'Entre amigos: {place}.',
      ],
      emoji: ['💙', '🧡', '🤗'],
    },
    formal: {
      openings: [
        '{brand} presenta {seconds}.',
        'Presentamos {place}.',
        'Nos complace presentar {place}.',
        '{brand} presenta un nuevo momento.',
        'Les invitamos a ver {seconds} de {brand}.',
        'Presentamos {seconds} de {brand}.',
      ],
      emoji: ['🎬', '▶️', '📽️'],
    },
    playful: {
      openings: [
        'Adivina: {seconds} de {brand}.',
        'Sin spoilers. Dale al play.',
        'Secreto: {place}.',
        'Ups, {seconds} más de {brand}.',
        'A que no lo ves una sola vez.',
        'Juega con {brand}: {seconds}.',
      ],
      emoji: ['😉', '🤪', '😏'],
    },
    bold: {
      openings: [
        'Sin excusas. {seconds}.',
        'Atrévete. Dale al play.',
        'Sin miedo: {place}.',
        'Rompe con todo. {seconds}.',
        'Imparable. {brand}.',
        'Nadie espera. {seconds}.',
      ],
      emoji: ['💥', '🖤', '⚡'],
    },
    inspiring: {
      openings: [
        'Imagina. {seconds} de {brand}.',
        'Empieza aquí: {place}.',
        'Sueña {seconds}.',
        'El camino sigue con {brand}.',
        'Más allá: {place}.',
        'Es posible. {seconds} de {brand}.',
      ],
      emoji: ['✨', '🌅', '🙌'],
    },
    elegant: {
      openings: [
        'Cada detalle, en {seconds}.',
        'La esencia de {brand}, en {seconds}.',
        'Con cuidado: {place}.',
        'Un momento atemporal de {brand}.',
        'En detalle: {place}.',
        'Esencia pura de {brand}.',
      ],
      emoji: ['🖤', '🤍', '✨'],
    },
  },
}

type Address = 'formal' | 'informal'
export const INVITATIONS: Readonly<Record<Lang, Readonly<Record<Address, readonly string[]>>>> = {
  en: {
    informal: [
      'Hit play and tell us what you think.',
      "Save it for later, it's yours.",
      'Send it to a friend.',
      "Let's hear from you.",
      '',
    ],
    formal: ['We invite you to watch.', 'Kindly share your view.', 'We would welcome your thoughts.', ''],
  },
  es: {
    informal: [
      'Mira y cuéntanos.',
      'Guárdalo para luego.',
      'Envíaselo a quien quieres.',
      'Dinos qué te parece.',
      '',
    ],
    formal: ['Le invitamos a verlo.', 'Descubra más en nuestro perfil.', 'Cuéntenos su opinión.', ''],
  },
}

/** Which of the clips it is, in words. */
export const PLACES: Readonly<Record<Lang, (ordinal: number, of: number) => string>> = {
  en: (ordinal, of) => (of > 1 ? `part ${ordinal} of ${of}` : 'this moment'),
  es: (ordinal, of) => (of > 1 ? `parte ${ordinal} de ${of}` : 'este momento'),
}
