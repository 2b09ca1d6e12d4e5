/** What runs on this machine for one data directory, by /proc: the command line or the inherited environment tells. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

export interface Process {
  pid: number
  name: string
  command: string
}

/** Living processes that carry the directory; zombies have nothing left to carry. */
export function listProcesses(dataDir: string): Process[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) return []
    const found = look(entry)
    return found.command.includes(dataDir) || read(entry, 'environ').includes(dataDir) ? [found] : []
  })
}

/** Children of one process, cheap enough to ask for many times a second. */
export const listChildren = (pid: number): Process[] =>
  read(String(pid), `task/${pid}/children`).split(' ').filter(Boolean).map(look)

function look(pid: string): Process {
  const command = read(pid, 'cmdline').replaceAll('\0', ' ').trim()
  return { pid: Number(pid), name: basename(command.split(/[ :]/)[0] ?? ''), command }
}

export const isMediaTool = ({ name }: Process): boolean => name === 'ffmpeg' || name === 'ffprobe'
export const isDatabase = ({ name }: Process): boolean => name === 'postgres'
export const isSandbox = ({ command }: Process): boolean => command.includes('/sandbox/main.')

/** It may end between listing and reading, and another user's environment is not ours to read. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
