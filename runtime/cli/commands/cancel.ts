import type { Publication } from '../../core/entities.ts'
import { StakazoError } from '../../core/errors.ts'
import { act, type Cli } from '../cli.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import type { TaskView } from '../follow-task.ts'

export const cancelCommand = () =>
  command(
    'cancel <id>',
    'stop a task, or a publication before it left',
    'stakazo cancel 019a… --reason "wrong film"',
  )
    .option('--reason <text>', 'why, for the record')
    .action(act(cancel))

async function cancel({ screen, connect }: Cli, id: string, { reason }: { reason?: string }) {
  const client = await connect()
  const body = reason ? { reason } : {}
  const task = await client.send<TaskView>('POST', `/v1/tasks/${id}/cancel`, body).catch((error: unknown) => {
    if (error instanceof StakazoError && error.code === 'not-found') return undefined
    throw error
  })
  const publication = task
    ? undefined
    : await client.send<Publication>('POST', `/v1/publications/${id}/cancel`, body)
  if (screen.isJson) screen.json(task ?? publication)
  screen.line(task ? `task is ${task.outcome ?? task.status}` : `publication is ${publication?.state}`)
  return EXIT.done
}
