import { describe, expect, test } from 'vitest';
import { nodesByProvider, ranOn } from './profile.ts';
import { fallbackNote, providersFor, whyNot } from './providers.ts';
import { threads } from './session.ts';

describe('1 order', () => {
  test('1.1 by platform when left to itself', () => {
    expect(providersFor('auto', 'win32')).toEqual(['dml', 'cpu']);
    expect(providersFor('auto', 'linux')).toEqual(['cuda', 'cpu']);
    expect(providersFor('auto', 'darwin')).toEqual(['cpu']);
  });

  test('1.2 by wish, the processor last', () => {
    expect(providersFor('cuda', 'win32')).toEqual(['cuda', 'dml', 'cpu']);
    expect(providersFor('cuda', 'linux')).toEqual(['cuda', 'cpu']);
    expect(providersFor('dml', 'win32')).toEqual(['dml', 'cpu']);
    expect(providersFor('cpu', 'win32')).toEqual(['cpu']);
  });

  test('1.3 one thread a core, few cores all', () => {
    expect([1, 2, 4, 8, 16, 64].map(threads)).toEqual([1, 2, 4, 4, 8, 16]);
  });
});

describe('2 words', () => {
  test('2.1 a fallback says why and what runs instead', () => {
    const missing = whyNot('cuda', new Error('OrtSessionOptionsAppend_Cuda: Failed to load shared library'));
    const foreign = whyNot('dml', new Error('no available backend found. ERR: [dml] backend not found.'));
    expect(fallbackNote([missing], 'cpu')).toBe(
      'CUDA is not used: its libraries are not installed. The processor (CPU) runs the models.',
    );
    expect(fallbackNote([missing, foreign], 'cpu')).toBe(
      'CUDA is not used: its libraries are not installed; DirectML is not used: it is not part of ONNX Runtime on this system. The processor (CPU) runs the models.',
    );
    expect(fallbackNote([], 'cpu')).toBe('');
  });
});

describe('3 profile', () => {
  const node = (index: number, provider: string | undefined, name = `n${index}`) => ({
    cat: 'Node',
    name: `${name}_kernel_time`,
    args: { node_index: String(index), provider },
  });

  test('3.1 a node counts once however often it ran; other events do not count', () => {
    const profile = [
      { cat: 'Session', name: 'model_run', args: {} },
      { cat: 'Node', name: 'n1_fence_before', args: { provider: 'CPUExecutionProvider' } },
      ...[1, 2, 3, 1, 2, 3].map((index) => node(index, index === 1 ? 'CPUExecutionProvider' : 'CUDAExecutionProvider')),
      node(4, ''),
      node(5, undefined),
    ];
    expect(nodesByProvider(profile)).toEqual({ CPUExecutionProvider: 1, CUDAExecutionProvider: 2, unnamed: 2 });
  });

  test('3.2 a provider ran when it executed more than half of the nodes', () => {
    expect(ranOn({ CPUExecutionProvider: 1, CUDAExecutionProvider: 2 }, 'cuda')).toBe('cuda');
    expect(ranOn({ CPUExecutionProvider: 2, CUDAExecutionProvider: 2 }, 'cuda')).toBe('cpu');
    expect(ranOn({ unnamed: 5, DmlExecutionProvider: 2 }, 'dml')).toBe('cpu');
    expect(ranOn({}, 'dml')).toBe('cpu');
  });
});
