/**
 * What `make setup` installs, pinned. Each minor version of Python has its own newest pair of wheels; the hashes are those
 * of the manylinux wheels for x86-64 and arm64, and pip refuses any other file.
 */

/** Changes whenever the layout of the cache folder changes, so that older and newer clones do not share what differs. */
export const FORMAT = 1

/** gVisor before this year has no systrap platform that works. */
export const RUNSC_MIN_YEAR = 2024

/**
 * Suites that carry a runsc of 2024 or later, best first: the released suite that the tests ran with, then newer ones.
 * @type {Readonly<Record<'debian' | 'ubuntu', readonly string[]>>}
 */
export const RUNSC_SUITES = {
  debian: ['trixie', 'forky', 'testing', 'unstable'],
  ubuntu: ['resolute', 'questing', 'plucky', 'devel'],
}

/**
 * gVisor's own release for machines without Debian's or Ubuntu's packages: the version that these carry and the tests ran with.
 */
export const RUNSC_RELEASE = {
  base: 'https://storage.googleapis.com/gvisor/releases/release',
  version: '20240729',
}

/** Component of the archive that holds runsc, NumPy and pandas, by family. */
export const COMPONENTS = { debian: 'main', ubuntu: 'main universe' }

/**
 * Requirements files for pip by Python minor version.
 * @type {Readonly<Record<string, string>>}
 */
export const REQUIREMENTS = {
  3.9: [
    [
      'numpy==2.0.2',
      '--hash=sha256:f26b258c385842546006213344c50655ff1555a9338e2e5e02a0756dc3e803dd',
      '--hash=sha256:1e795a8be3ddbac43274f18588329c72939870a16cae810c2b73461c40718ab1',
    ].join(' '),
    [
      'pandas==2.3.3',
      '--hash=sha256:bf1f8a81d04ca90e32a0aceb819d34dbd378a98bf923b6398b9a3ec0bf44de29',
      '--hash=sha256:854d00d556406bffe66a4c0802f334c9ad5a96b4f1f868adf036a21b11ef13ff',
    ].join(' '),
    [
      'python-dateutil==3.0.0',
      '--hash=sha256:3c79630202e4152c6add678446984236efe4f57e84d8e892aab0637bab82e9fd',
    ].join(' '),
    ['pytz==2026.6', '--hash=sha256:7fed3fee8fd6bd4a2b7b75a8d56021d0624127bf69bd5691f115db929ac570b3'].join(
      ' ',
    ),
    ['six==1.17.0', '--hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274'].join(
      ' ',
    ),
    ['tzdata==2026.6', '--hash=sha256:0a10eec6e13ef16b627fabed9a5f2ba61a62b1c67f327305f4e7e412a70b4aec'].join(
      ' ',
    ),
  ].join('\n'),
  '3.10': [
    [
      'numpy==2.2.6',
      '--hash=sha256:fc7b73d02efb0e18c000e9ad8b83480dfcd5dfd11065997ed4c6747470ae8915',
      '--hash=sha256:efd28d4e9cd7d7a8d39074a4d44c63eda73401580c5c76acda2ce969e0a38e83',
    ].join(' '),
    [
      'pandas==2.3.3',
      '--hash=sha256:dd7478f1463441ae4ca7308a70e90b33470fa593429f9d4c578dd00d1fa78838',
      '--hash=sha256:5caf26f64126b6c7aec964f74266f435afef1c1b13da3b0636c7518a1fa3e2b1',
    ].join(' '),
    [
      'python-dateutil==3.0.0',
      '--hash=sha256:3c79630202e4152c6add678446984236efe4f57e84d8e892aab0637bab82e9fd',
    ].join(' '),
    ['pytz==2026.6', '--hash=sha256:7fed3fee8fd6bd4a2b7b75a8d56021d0624127bf69bd5691f115db929ac570b3'].join(
      ' ',
    ),
    ['six==1.17.0', '--hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274'].join(
      ' ',
    ),
    ['tzdata==2026.6', '--hash=sha256:0a10eec6e13ef16b627fabed9a5f2ba61a62b1c67f327305f4e7e412a70b4aec'].join(
      ' ',
    ),
  ].join('\n'),
  3.11: [
    [
      'numpy==2.4.6',
      '--hash=sha256:89cd468399cfd2504718f0ba50e410dca55a170b61a02ad92bb18c8a65186e93',
      '--hash=sha256:0ab0a9c4ffb1a6d95ef519fe4247dba8eb6b18ad93999f76b7f657039acabd47',
    ].join(' '),
    [
      'pandas==3.1.1',
      '--hash=sha256:4f1602f614bb83f443381dbcbb94c4ac764b2e50c8d6c965614c5cd83e328c47',
      '--hash=sha256:593fb29eb5e51ab77ee37bda7ab2232aa1077088af7b4acbd18ca2f43f6c02f5',
    ].join(' '),
    [
      'python-dateutil==4.0.0',
      '--hash=sha256:a5e246f79eb80475e691bf93862cead98decd8a498cf53ba0516fcdc0f50dc1c',
    ].join(' '),
    ['tzdata==2026.6', '--hash=sha256:0a10eec6e13ef16b627fabed9a5f2ba61a62b1c67f327305f4e7e412a70b4aec'].join(
      ' ',
    ),
  ].join('\n'),
  3.12: [
    [
      'numpy==2.4.6',
      '--hash=sha256:90f9849678c75fe7afa2d348ac842c168b0a4d3d61919687216dfc547976d853',
      '--hash=sha256:5f9fb9157b4ce2971008323afe46053787b526ef624fea915b261468a8421a0f',
    ].join(' '),
    [
      'pandas==3.1.1',
      '--hash=sha256:028490c8ac2e03e18c9b08b7f3612e149b03570209bcf741d23833a7a5377ab2',
      '--hash=sha256:0f628bb9a4681695da1dcc04efef86bc8c67095300d8da928b9886259cb0dada',
    ].join(' '),
    [
      'python-dateutil==4.0.0',
      '--hash=sha256:a5e246f79eb80475e691bf93862cead98decd8a498cf53ba0516fcdc0f50dc1c',
    ].join(' '),
    ['tzdata==2026.6', '--hash=sha256:0a10eec6e13ef16b627fabed9a5f2ba61a62b1c67f327305f4e7e412a70b4aec'].join(
      ' ',
    ),
  ].join('\n'),
  3.13: [
    [
      'numpy==2.4.6',
      '--hash=sha256:a7830bab239b79cda9c08c2da014761cafb48da6150e1da17ac06283f43b6089',
      '--hash=sha256:72fbe16c6fac95aedf5937fa873445cec2110be35d8a4e9433d7501fd98dae6b',
    ].join(' '),
    [
      'pandas==3.1.1',
      '--hash=sha256:645fa00fd85cfced2d2c09dc116d3694f578501b1ce4899153fbe64788ecda98',
      '--hash=sha256:57112bab44e336758121435cd01ccebc1e4fca56c28d95d7c03bf2418dedea6a',
    ].join(' '),
    [
      'python-dateutil==4.0.0',
      '--hash=sha256:a5e246f79eb80475e691bf93862cead98decd8a498cf53ba0516fcdc0f50dc1c',
    ].join(' '),
    ['tzdata==2026.6', '--hash=sha256:0a10eec6e13ef16b627fabed9a5f2ba61a62b1c67f327305f4e7e412a70b4aec'].join(
      ' ',
    ),
  ].join('\n'),
  3.14: [
    [
      'numpy==2.4.6',
      '--hash=sha256:a2c306dea656c12c68f51f4cea133cbe78ca7435eb28c735eac1d3ebe73be6e8',
      '--hash=sha256:40fdc1ae7125e518ea98e53e69a4ebc27e1fd50510c47b7ea130cf21e5e1d42b',
    ].join(' '),
    [
      'pandas==3.1.1',
      '--hash=sha256:326459d8a9be11b5f48c7fc1d63e38ba7cfeaebe5d41bd19e4c5f4f11dc9ac91',
      '--hash=sha256:bf0cf825769b60f9a01a8ff77ed82cfca9ccf2609170814f8f00810f5eaeae71',
    ].join(' '),
    [
      'python-dateutil==4.0.0',
      '--hash=sha256:a5e246f79eb80475e691bf93862cead98decd8a498cf53ba0516fcdc0f50dc1c',
    ].join(' '),
    ['tzdata==2026.6', '--hash=sha256:0a10eec6e13ef16b627fabed9a5f2ba61a62b1c67f327305f4e7e412a70b4aec'].join(
      ' ',
    ),
  ].join('\n'),
}
