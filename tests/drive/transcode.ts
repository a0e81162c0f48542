/** A DICOM file in another transfer syntax, by dcmjs-codecs: for tests and benchmarks, never for the product. */
import dcmjsCodecs from 'dcmjs-codecs';

export async function transcoded(file: Uint8Array, transferSyntaxUid: string): Promise<Uint8Array> {
  await dcmjsCodecs.NativeCodecs.initializeAsync();
  const transcoder = new dcmjsCodecs.Transcoder(file.slice().buffer);
  transcoder.transcode(transferSyntaxUid);
  return new Uint8Array(transcoder.getDicomPart10());
}
