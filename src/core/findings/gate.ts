/** The gate: what a film's header tells about whether a pack was made for it. Its pixels are asked in `imageGate`. */
import type * as z from 'zod';
import type { ImageHeader } from '../imaging/header.ts';
import { polarityContradicts } from '../imaging/polarity.ts';
import { poseOf } from '../imaging/pose.ts';
import { isSideView } from '../imaging/sides.ts';
import type { Pack } from '../pack/pack.ts';
import type { Gate, GateReason } from './findings.ts';

type Accepts = Pack['accepts'];
type Refusal = { reason: z.infer<typeof GateReason>; message: string };

/** The first reason to refuse, in the order in which a reader would ask; else accepted, with what must be known. */
export function gateOf(accepts: Accepts, header: ImageHeader): Gate {
  const refusal =
    refuseModality(accepts, header) ??
    refuseProcessing(header) ??
    refuseFrames(header) ??
    refuseBodyPart(accepts, header) ??
    refuseView(accepts, header) ??
    refuseAge(accepts, header);
  return refusal
    ? { accepted: false, ...refusal, caveats: caveatsOf(accepts, header) }
    : { accepted: true, reason: null, message: '', caveats: caveatsOf(accepts, header) };
}

/** SOP classes that are FOR PROCESSING by definition: DX, mammography, intra-oral (PS3.4 B.5). */
const forProcessing = ['1.1.1', '1.2.1', '1.3.1'].map((tail) => `1.2.840.10008.5.1.4.1.1.${tail}`);

const allows = (list: readonly string[], value: string) => {
  const clean = value.trim().toUpperCase();
  return list.some((item) => item === '*' || item.toUpperCase() === clean);
};
const named = (value: string) => (value.trim() === '' ? 'none' : value.trim());
const listed = (list: readonly string[]) => list.map((item) => (item === '' ? 'none given' : item)).join(', ');

function refuseModality({ modalities }: Accepts, { modality }: ImageHeader): Refusal | null {
  if (allows(modalities, modality)) return null;
  return {
    reason: 'modality',
    message: `Expected modality ${listed(modalities)}, found ${named(modality)}. Choose a film that this model was trained for.`,
  };
}

function refuseProcessing({ presentationIntent, sopClassUid }: ImageHeader): Refusal | null {
  if (presentationIntent !== 'FOR PROCESSING' && !forProcessing.includes(sopClassUid)) return null;
  return {
    reason: 'for-processing',
    message: 'Expected an image FOR PRESENTATION, found raw detector data FOR PROCESSING. Open the processed image.',
  };
}

function refuseFrames({ frames }: ImageHeader): Refusal | null {
  if (frames === 1) return null;
  return { reason: 'multi-frame', message: `Expected one image, found ${frames} frames. Open a single film.` };
}

function refuseBodyPart({ bodyParts }: Accepts, { bodyPart }: ImageHeader): Refusal | null {
  if (allows(bodyParts, bodyPart)) return null;
  return {
    reason: 'body-part',
    message: `Expected body part ${listed(bodyParts)}, found ${named(bodyPart)}. Read this film without the model, or correct its header at the source.`,
  };
}

function refuseView({ views }: Accepts, header: ImageHeader): Refusal | null {
  const found = header.viewPosition;
  if (!allows(views, found))
    return {
      reason: 'view',
      message: `Expected view ${listed(views)}, found ${named(found)}${isSideView(found) ? ' (lateral)' : ''}. Open the frontal film of this exam.`,
    };
  const { plane, orientation } = poseOf(header);
  const frontalOnly = !views.some((view) => view === '*' || isSideView(view));
  if (!frontalOnly || plane === null || plane === 'frontal') return null;
  return {
    reason: 'view',
    message: `Expected a frontal film, found Patient Orientation ${orientation} (${plane}). Open the frontal film of this exam.`,
  };
}

function refuseAge({ minAgeYears }: Accepts, { patientAgeYears }: ImageHeader): Refusal | null {
  if (patientAgeYears === null || patientAgeYears >= minAgeYears) return null;
  const age =
    patientAgeYears < 2 ? `${Math.floor(patientAgeYears * 12)} months` : `${Math.floor(patientAgeYears)} years`;
  return {
    reason: 'age',
    message: `Expected a patient of at least ${minAgeYears} years, found ${age}. Read this film without the model.`,
  };
}

/** True things that the header tells and that a reader of the draft must know. */
function caveatsOf(accepts: Accepts, header: ImageHeader): string[] {
  const pose = poseOf(header);
  const rules: [applies: boolean, text: string][] = [
    [header.synthetic, 'Not a film of a person: this image was made by mathematics.'],
    [
      pose.assumed,
      pose.orientation || header.patientOrientation
        ? 'Side assumed: the file’s patient orientation is not understood.'
        : 'Side assumed: the file does not say how the patient lies in the image.',
    ],
    [header.viewPosition.trim().toUpperCase() === 'AP', 'AP film: the heart looks larger than on a PA film.'],
    [header.viewPosition.trim() === '', 'The file does not say which view this is.'],
    [header.bodyPart.trim() === '', 'The file does not say which part of the body this is.'],
    [
      header.patientAgeYears === null && accepts.minAgeYears > 0,
      `The file does not give the patient’s age; the model is for ${accepts.minAgeYears} years and over.`,
    ],
    [
      polarityContradicts(header),
      'The file contradicts itself on what is black and what is white; check that bones are bright.',
    ],
  ];
  return rules.filter(([applies]) => applies).map(([, text]) => text);
}
