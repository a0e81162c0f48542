/** What a shell says to the backend that it forked, besides the product's calls. */
import * as z from 'zod';

/** How this machine keeps its key: in a file that the backend finds, or in the operating system's store, of that name. */
const MachineSecret = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file') }),
  z.object({ kind: z.literal('os'), secret: z.instanceof(Uint8Array), name: z.string() }),
]);

/** The first message: everything that the backend must be told by its shell. */
export const BackendInit = z.object({
  t: z.literal('init'),
  /** Empty: the platform's usual place. */
  dataFolder: z.string(),
  shell: z.enum(['electron', 'browser', 'cli', 'test']),
  allowsPaths: z.boolean(),
  openAtStart: z.array(z.string()),
  machineSecret: MachineSecret,
  packFolders: z.array(z.string()),
});
export type BackendInit = z.infer<typeof BackendInit>;

/**
 * One window's line over a channel that all windows share (`child_process.fork`): each opens, speaks and closes under
 * an id of its own, so that an answer to a page that was reloaded never reaches the next.
 */
export const WindowEnvelope = z.discriminatedUnion('kind', [
  z.object({ t: z.literal('window'), id: z.int(), kind: z.literal('open') }),
  z.object({ t: z.literal('window'), id: z.int(), kind: z.literal('message'), message: z.unknown() }),
  z.object({ t: z.literal('window'), id: z.int(), kind: z.literal('close') }),
]);
export type WindowEnvelope = z.infer<typeof WindowEnvelope>;

/** The backend says that it is ready, or why it cannot start. */
export const BackendReady = z.discriminatedUnion('t', [
  z.object({ t: z.literal('ready') }),
  z.object({ t: z.literal('failed'), code: z.string(), message: z.string() }),
]);
export type BackendReady = z.infer<typeof BackendReady>;

/**
 * Engines of a backend that lives in Electron's utilityProcess are forked by main. The backend asks; main answers
 * `engine.started` with a MessagePort to the engine, and later `engine.exit`.
 */
export const EngineRequest = z.discriminatedUnion('t', [
  /** `libraries`: a folder whose shared libraries it may load; empty: the system's alone. */
  z.object({ t: z.literal('engine.start'), id: z.int(), libraries: z.string() }),
  z.object({ t: z.literal('engine.kill'), id: z.int() }),
]);
export type EngineRequest = z.infer<typeof EngineRequest>;
export const EngineAnswer = z.discriminatedUnion('t', [
  z.object({ t: z.literal('engine.started'), id: z.int() }),
  z.object({ t: z.literal('engine.exit'), id: z.int() }),
]);
export type EngineAnswer = z.infer<typeof EngineAnswer>;

/** What main says to the command line that it runs without a window: first the secret, later a line that was asked for. */
export const CliWord = z.discriminatedUnion('t', [
  z.object({ t: z.literal('cli'), machineSecret: MachineSecret }),
  z.object({ t: z.literal('cli.line'), text: z.string() }),
]);
export type CliWord = z.infer<typeof CliWord>;
/** It asks for a line of standard input: Electron's utility processes have none. */
export const CliAsk = z.object({ t: z.literal('cli.ask') });
export type CliAsk = z.infer<typeof CliAsk>;

/** What a second start of the program hands to the one that runs already. */
export const SecondStart = z.object({ paths: z.array(z.string()) });
export type SecondStart = z.infer<typeof SecondStart>;

/** What the package.json inside a packaged program may add: only test builds, whose Electron has too old a Node, do. */
export const BuildFacts = z.object({
  /** A Node beside the archive that runs the backend, relative to the resources folder. */
  raddraftNode: z.string().optional(),
});
