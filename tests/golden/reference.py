"""Writes pixels.json and names.json: what reference readers make of every file in ../shared/dicom.

Run with a Python that has pydicom, python-gdcm, numpy and Pillow, and with dcmtk on the PATH:
    python3 tests/golden/reference.py PATH_TO_SHARED_DICOM

Each frame is brought to the form of `Pixels` (src/core/imaging/pixels.ts) by the standard's formulas alone:
grey as stored values (bits above HighBit cut off, sign extended), colour as RGB of 8 bits, pixel by pixel.
`exact` frames (lossless and, since their decoders agree to the last bit, nearly all lossy ones) carry the SHA-256 of
their little-endian samples. `within` frames carry 1024 samples at fixed places, the means of 16 x 16 blocks, and the
errors allowed.
"""

import base64
import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unicodedata
import warnings

import gdcm
import numpy as np
import PIL
import pydicom
from PIL import Image, features
from pydicom.encaps import generate_pixel_data_frame
from pydicom.pixel_data_handlers import gdcm_handler
from pydicom.pixel_data_handlers.util import apply_color_lut, convert_color_space, reshape_pixel_array

warnings.filterwarnings("ignore")
gdcm.Trace.WarningOff()
gdcm.Trace.ErrorOff()

ROOT = "1.2.840.10008.1.2"
SAMPLES, BLOCKS, STEP = 1024, 16, 2654435761
VERSION = {
    "pydicom": pydicom.__version__,
    "gdcm": gdcm.Version.GetVersion(),
    "dcmtk": subprocess.run(["dcmj2pnm", "--version"], capture_output=True, text=True).stdout.split()[2],
    "Pillow/OpenJPEG": f"{PIL.__version__}/{features.version('jpg_2000')}",
}

# What a file without an image is, by the start of its SOP class: a word that the refusal must hold.
KINDS = {
    "1.2.840.10008.1.3.10": "DICOMDIR",
    "1.2.840.10008.5.1.4.1.1.88.": "structured report",
    "1.2.840.10008.5.1.4.1.1.481.": "radiotherapy object",
    "1.2.840.10008.5.1.4.1.1.9.": "waveform",
}
# Files that must be refused although a reader may show something, and why.
REFUSED = {
    "pydicom/JPEG2000-embedded-sequence-delimiter.dcm": "JPEG 2000 frame",  # the width in the codestream is overwritten
    "pydicom/MR_truncated.dcm": "ends 62 bytes early",
}
# Frames that the Debian readers cannot decode (frames deflated one by one, one-bit RLE and JPEG 2000, a last delimiter
# missing) or do not swap (8-bit samples in big-endian words, PS3.5 7.3): another file of the set holds the same pixels by its origin.
SAME_AS = {
    "pydicom/SC_rgb_small_odd_big_endian.dcm": "pydicom/SC_rgb_small_odd.dcm",
    "pydicom-data/OBXXXX1A_expb.dcm": "pydicom-data/OBXXXX1A.dcm",
    "pydicom-data/OBXXXX1A_expb_2frame.dcm": "pydicom-data/OBXXXX1A_2frame.dcm",
    "pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm": "pydicom-data/emri_small.dcm",
    "pydicom-data/liver_deflate.dcm": "pydicom-data/liver.dcm",
    "pydicom-data/liver_j2k.dcm": "pydicom-data/liver.dcm",
    "pydicom-data/liver_rle.dcm": "pydicom-data/liver.dcm",
    "pydicom-data/liver_nonbyte_aligned_deflate.dcm": "pydicom-data/liver_nonbyte_aligned.dcm",
    "pydicom-data/liver_nonbyte_aligned_j2k.dcm": "pydicom-data/liver_nonbyte_aligned.dcm",
    "pydicom-data/liver_nonbyte_aligned_rle.dcm": "pydicom-data/liver_nonbyte_aligned.dcm",
}
# Files that dcmtk (blank VRs) or Pillow (JP2 boxes with a wrong length) cannot read, and gdcm can.
BY_GDCM = {"SC_rgb_jpeg.dcm", "GDCMJ2K_TextGBR.dcm"}
NO_CODEC = {f"{ROOT}.4.53": "spectral selection", f"{ROOT}.4.55": "full progression"}
JPEG = {f"{ROOT}.4.50", f"{ROOT}.4.51"}
J2K = {f"{ROOT}.4.{n}" for n in (90, 91, 201, 202, 203)}
LOSSY = JPEG | {f"{ROOT}.4.{n}" for n in (81, 91, 203)}


def syntax_of(dataset):
    uid = dataset.file_meta.get("TransferSyntaxUID") if hasattr(dataset, "file_meta") else None
    if uid is None:
        uid = f"{ROOT}" if dataset.is_implicit_VR else f"{ROOT}.1" if dataset.is_little_endian else f"{ROOT}.2"
        dataset.file_meta = getattr(dataset, "file_meta", pydicom.dataset.FileMetaDataset())
        dataset.file_meta.TransferSyntaxUID = pydicom.uid.UID(uid)
    return str(uid)


def stored_values(raw, dataset):
    """PS3.5 8.1.1: the sample between HighBit and HighBit + 1 - BitsStored."""
    if raw.dtype.kind == "f":
        return raw
    signed = dataset.get("PixelRepresentation", 0) == 1
    stored, allocated = dataset.BitsStored, max(8, dataset.BitsAllocated)
    down = dataset.HighBit + 1 - stored
    values = (raw.astype(np.int64) >> down) & (2**stored - 1)
    if signed:
        values = np.where(values >= 2 ** (stored - 1), values - 2**stored, values)
    return values.astype(f"{'i' if signed and dataset.BitsAllocated > 1 else 'u'}{allocated // 8}")


def clamped(raw, dataset):
    signed = dataset.get("PixelRepresentation", 0) == 1
    low = -(2 ** (dataset.BitsStored - 1)) if signed else 0
    return np.clip(raw, low, low + 2**dataset.BitsStored - 1)


def all_frames(array, dataset):
    return array if int(dataset.get("NumberOfFrames") or 1) > 1 else array[np.newaxis]


def by_dcmtk(path, frame):
    """Colour JPEG: decompressed by dcmtk, converted to RGB where the header says YBR."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "frame.ppm"
        subprocess.run(["dcmj2pnm", "+F", str(frame + 1), "+cp", "+op", path, out], check=True, capture_output=True)
        return np.asarray(Image.open(out)), "dcmtk"


def by_pillow(dataset, frame):
    """JPEG 2000 with OpenJPEG, the only reader here of its high-throughput form."""
    count = int(dataset.get("NumberOfFrames") or 1)
    stream = list(generate_pixel_data_frame(dataset.PixelData, count))[frame]
    return np.asarray(Image.open(io.BytesIO(stream))), "Pillow/OpenJPEG"


def decoded(path, dataset, frame, syntax):
    """One frame as `Pixels`, and who decoded it."""
    colour = dataset.get("SamplesPerPixel", 1) == 3
    photometric = dataset.PhotometricInterpretation
    by_gdcm = path.name in BY_GDCM
    if colour and syntax in JPEG and not by_gdcm:
        return by_dcmtk(path, frame)
    if syntax in (f"{ROOT}.4.201", f"{ROOT}.4.203") or (colour and syntax in J2K and not by_gdcm):
        return by_pillow(dataset, frame)
    if syntax in J2K or syntax in LOSSY or syntax.startswith(f"{ROOT}.4."):
        signed = dataset.PixelRepresentation
        reader, raw = "pydicom+gdcm", gdcm_handler.get_pixeldata(dataset)
        dataset.PixelRepresentation = signed  # the handler takes the codestream's instead
        raw = reshape_pixel_array(dataset, raw)
    else:
        reader, raw = "pydicom", dataset.pixel_array
    raw = all_frames(raw, dataset)[frame]
    if photometric == "PALETTE COLOR":
        rgb = apply_color_lut(raw, dataset)
        wide = rgb.dtype.itemsize > 1 and rgb.max() > 255
        return (rgb >> 8 if wide else rgb).astype(np.uint8), reader
    if not colour:
        return (clamped(raw, dataset) if syntax in LOSSY else stored_values(raw, dataset)), reader
    if dataset.BitsStored > 8:
        raw = (raw >> (dataset.BitsStored - 8)).astype(np.uint8)
    if photometric in ("YBR_FULL", "YBR_FULL_422"):
        raw = convert_color_space(raw, "YBR_FULL", "RGB")
    return raw, reader


def entry(path, dataset, frame, syntax):
    pixels, reader = decoded(path, dataset, frame, syntax)
    pixels = np.ascontiguousarray(pixels)
    kind = {"u": "u", "i": "i", "f": "f"}[pixels.dtype.kind] + str(pixels.dtype.itemsize * 8)
    rows, columns = pixels.shape[:2]
    samples = pixels.shape[2] if pixels.ndim == 3 else 1
    said = {"frame": frame, "rows": rows, "columns": columns, "samples": samples, "kind": kind, "reader": reader}
    # dcmtk converts YCbCr by tables, and OpenJPH reconstructs the lossy wavelet, with another last bit than ours.
    converted = reader == "dcmtk" and dataset.PhotometricInterpretation.startswith("YBR")
    if not converted and syntax != f"{ROOT}.4.203":
        return {**said, "compare": "exact", "sha256": digest(pixels)}
    flat = pixels.reshape(-1)
    places = np.arange(SAMPLES, dtype=np.int64) * STEP % flat.size
    return {
        **said,
        "compare": "within",
        "maxError": 1,
        "maxMeanError": 0.5,
        "min": int(flat.min()),
        "max": int(flat.max()),
        "values": base64.b64encode(flat[places].astype(flat.dtype.newbyteorder("<")).tobytes()).decode(),
        "means": means(pixels.reshape(rows, columns, samples)),
    }


def means(pixels):
    rows, columns, samples = pixels.shape
    if min(rows, columns) < BLOCKS:
        return []
    edges = [[size * i // BLOCKS for i in range(BLOCKS + 1)] for size in (rows, columns)]
    return [
        round(float(pixels[r0:r1, c0:c1, s].mean()), 2)
        for r0, r1 in zip(edges[0], edges[0][1:])
        for c0, c1 in zip(edges[1], edges[1][1:])
        for s in range(samples)
    ]


def digest(pixels):
    return hashlib.sha256(pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()).hexdigest()


def refusal(name, dataset, syntax):
    """The word that the refusal must hold, or None for an image."""
    if name in REFUSED:
        return REFUSED[name]
    if dataset is None:
        return "DICOM file"
    pixels = [tag for tag in ("PixelData", "FloatPixelData", "DoubleFloatPixelData") if tag in dataset]
    if not pixels:
        sop_class = str(dataset.get("SOPClassUID") or dataset.file_meta.get("MediaStorageSOPClassUID", ""))
        return next((word for prefix, word in KINDS.items() if sop_class.startswith(prefix)), "without pixels")
    if dataset.get("Rows") is None:
        return "Rows"
    return NO_CODEC.get(syntax)


def read(path):
    """None where there is no sign of DICOM: neither the mark nor a SOP class."""
    try:
        dataset = pydicom.dcmread(path, force=True)
        marked = path.read_bytes()[128:132] == b"DICM"
        return dataset if marked or "SOPClassUID" in dataset or "TransferSyntaxUID" in dataset.file_meta else None
    except Exception:
        return None


def expectations(folder, path):
    name = path.relative_to(folder).as_posix()
    dataset = read(path)
    syntax = "" if dataset is None else syntax_of(dataset)
    word = refusal(name, dataset, syntax)
    if word and name not in SAME_AS:
        return [{"refused": word}]
    source = folder / SAME_AS.get(name, name)
    same = source != path
    dataset = read(source) if same else dataset
    syntax = syntax_of(dataset)
    try:
        last = int(dataset.get("NumberOfFrames") or 1) - 1
    except (TypeError, ValueError):
        dataset.NumberOfFrames, last = 1, 0
    frames = []
    for frame in sorted({0, last}):
        try:
            frames.append(entry(source, dataset, frame, syntax))
        except Exception as error:
            print(f"{name} frame {frame}: {type(error).__name__} {error}", file=sys.stderr)
            frames.append({"frame": frame, "unread": type(error).__name__})
        if same:
            frames[-1]["sameAs"] = SAME_AS[name]
    return frames


def names(folder):
    """Patient names as pydicom decodes them, top level or in the first item of a sequence; NFC."""
    found = {}
    for path in sorted((folder / "charset").iterdir()):
        dataset = pydicom.dcmread(path)
        dataset.decode()
        holders = [dataset, *(item for element in dataset if element.VR == "SQ" for item in element.value)]
        name = next(str(holder.PatientName) for holder in holders if "PatientName" in holder)
        found[path.name] = unicodedata.normalize("NFC", name)
    return found


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    here = pathlib.Path(__file__).parent
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in ("README.md", "files.csv"))
    pixels = {path.relative_to(folder).as_posix(): expectations(folder, path) for path in files}
    body = ",\n".join(f"{json.dumps(name)}: {json.dumps(frames)}" for name, frames in pixels.items())
    readers = json.dumps(VERSION)
    (here / "pixels.json").write_text(f'{{"readers": {readers},\n"files": {{\n{body}\n}}}}\n')
    listed = {"reader": f"pydicom {pydicom.__version__}", "names": names(folder)}
    (here / "names.json").write_text(json.dumps(listed, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
