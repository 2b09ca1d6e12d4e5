import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { describeRoles, getAgent, roster } from '../../agents/index.ts'
import { fillPrompt, listPlaceholders } from '../../agents/prompt-values.ts'
import { ROLES } from '../../runtime/core/agent.ts'
import { findTool } from '../../tools/index.ts'

const VALUES = {
  brand: { name: 'Marea Records', language: 'es', zone: 'Europe/Madrid' },
  language: 'en',
  now: '2026-11-20T12:00:00.000Z',
}

describe.each(roster.map((agent) => [agent.role, agent] as const))('%s', (role, agent) => {
  const prompt = readFileSync(agent.prompt, 'utf8')

  test('has a prompt of substance whose placeholders are all given', () => {
    expect(prompt.length).toBeGreaterThan(1_500)
    expect(listPlaceholders(prompt)).toContain('brand.name')
    const filled = fillPrompt(prompt, VALUES)
    expect(filled).not.toContain('{{')
    expect(filled).toContain('Marea Records')
  })

  test('keeps the part that never changes first, so that providers can cache it', () => {
    expect(prompt.indexOf('{{') / prompt.length).toBeGreaterThan(0.6)
  })

  test('speaks of no tool it does not have, and says how to end', () => {
    const named = [...prompt.matchAll(/`([a-z]+-[a-z]+(?:-[a-z]+)?)`/g)].map((match) => match[1] ?? '')
    const own = agent.tools.map((tool) => tool.name)
    expect(named.filter((name) => findTool(name) && !own.includes(name))).toEqual([])
    expect(prompt).toContain('`submit-report`')
  })

  test('has only catalogued tools, a brief and a report that become JSON schemas', () => {
    expect(agent.tools.filter((tool) => !findTool(tool.name))).toEqual([])
    expect(z.toJSONSchema(agent.brief, { io: 'input' })).toBeTypeOf('object')
    expect(z.toJSONSchema(agent.report)).toBeTypeOf('object')
  })

  test('lives in a folder of its name with agent, prompt and playbook', () => {
    const files = readdirSync(new URL(`../../agents/${role}/`, import.meta.url))
    expect(files).toEqual(expect.arrayContaining(['agent.ts', 'prompt.md', 'playbook.ts']))
  })
})

test('a role that is not built yet is told from one that does not exist', () => {
  expect(getAgent('analytics').role).toBe('analytics')
  expect(() => getAgent('growth-hacker')).toThrow(/not built yet/)
  expect(() => getAgent('astrologer')).toThrow(/no agent astrologer/)
  expect(roster.every((agent) => ROLES.includes(agent.role))).toBe(true)
})

test('roles are described with the schema of their briefs', () => {
  const cards = describeRoles(roster)
  expect(cards.map((card) => card.role)).toEqual(roster.map((agent) => agent.role))
  expect(JSON.stringify(cards.find((card) => card.role === 'orchestrator')?.brief)).not.toContain(
    'replansLeft',
  )
})

test('only the orchestrator holds tools that act outside', () => {
  const acting = roster.filter((agent) =>
    agent.tools.some((tool) => !['read', 'record'].includes(tool.effect.kind)),
  )
  expect(acting.map((agent) => agent.role)).toEqual(['orchestrator'])
})

test('headlines are one line in the report’s language', () => {
  const report = {
    language: 'es',
    captionLanguage: 'es',
    clips: [],
    posts: [],
    unplaced: [],
    notes: [],
    failures: [],
  }
  expect(getAgent('content-creator').headline(report)).toBe('0 clips, 0 borradores')
  const voice = { language: 'en', reviews: [], failures: [] }
  expect(getAgent('brand-voice').headline(voice)).toBe('0 of 0 texts pass')
})
