/**
 * Every threshold of the library in one place. Where a value is not Home Assistant's own it is a choice made here;
 * units are in the names.
 */
export const HOUR_MS = 3_600_000
export const MINUTE_MS = 60_000

/** A power state is held at most this long; beyond it nobody knows (choice). */
export const HOLD_MINUTES = 15
/** Home Assistant's rule for meters: a new reading below this share of the old one is a reset, else a dip. */
export const RESET_SHARE = 0.9

/** Quality gate. */
export const GAP_BUCKETS = 2
export const CATCH_UP_TIMES = 3
export const COVERAGE_CAVEAT = 0.9
export const COVERAGE_CLAIM = 0.5
export const STUCK_HOURS = 24
export const DUPLICATE_CORRELATION = 0.98
export const DUPLICATE_SCALE = 0.02
export const STALE_INTERVALS = 3
export const UNIT_JUMP = 1000
/** A jump counts as a change of unit when it is within this factor of 1000, and lasts this many buckets (choices). */
export const UNIT_JUMP_SLACK = 2
export const UNIT_JUMP_BUCKETS = 6
/** Local hours in which no solar plant yields anything (choice), and what still passes for noise, of its best hour. */
export const DARK_FROM_HOUR = 23
export const DARK_TO_HOUR = 3
export const DARK_SHARE = 0.05
/** Three-phase main fuse assumed where none is known: 3 × 63 A × 230 V. */
export const FUSE_KW = 43.5

/** Load shape. */
export const NIGHT_FROM_HOUR = 1
export const NIGHT_TO_HOUR = 5
export const BASELOAD_NIGHTS = 3
export const BASELOAD_PERCENTILE = 5
export const BASELOAD_BIN_W = 10
export const HOURS_A_YEAR = 8_760
/** A peak's event goes on while power stays above this share of it (choice). */
export const PEAK_EVENT_SHARE = 0.75
export const RUN_WATTS = 100
export const RUN_MINUTES = 60
export const RUN_SPLIT_MINUTES = 5
/** Days with less of their hours known are left out of averages and rankings. */
export const DAY_COVERAGE = COVERAGE_CAVEAT
export const DOUBLE_COUNTING_SHARE = -0.02
/** Night as people mean it when they ask what used power at night (choice). */
export const NIGHT_HOURS = { from: 22, to: 6 } as const

/** Anomaly: 20 and 4 samples are the defaults of Home Generative Agent's Sentinel, the rest choices. */
export const ANOMALY_SAMPLES = 20
export const ANOMALY_SLOT_SAMPLES = 4
export const ANOMALY_Z = 3.5
export const ANOMALY_MINUTES = 45
/** The scale of usual scatter is never below this share of the usual value: steady loads would alarm on noise. */
export const ANOMALY_LEAST_SCATTER = 0.05
/** Makes the median absolute deviation comparable with a standard deviation. */
export const MAD_TO_SIGMA = 1.4826

/** Behaviour. */
export const ROUTINE_MINUTES = 30
export const ROUTINE_HITS = 3
export const OVERRIDE_MINUTES = 10
export const FOLLOW_SECONDS = 300
export const FOLLOW_HITS = 3
export const TOP_ROWS = 20

/** Diagnostics. */
export const OUTAGE_SECONDS = 60
export const FLAKY_SHARE = 0.3
export const FLAKY_TRANSITIONS_A_DAY = 5
export const SILENT_HOURS = 24
export const SILENT_CHANGES = 1
/** History must show at least this many changes a day before silence means anything (choice). */
export const SILENT_USUAL_CHANGES = 4
export const BATTERY_LOW = 20
export const ORPHAN_DAYS = 30
/** Drift of a device's energy: weeks looked at and needed, interval of the slope in standard errors, least rise (choices). */
export const DRIFT_WEEKS = 8
export const DRIFT_LEAST_WEEKS = 6
export const DRIFT_SIGMAS = 2.5
export const DRIFT_LEAST_RISE = 0.1
/**
 * A device runs all the time when so many of its hours reach this share of its usual hour, and its mean hour is at most so
 * many usual ones: more is an appliance in standby that is used now and then (choices).
 */
export const DRIFT_ACTIVE_SHARE = 0.98
export const DRIFT_ACTIVE_LEVEL = 0.2
export const DRIFT_MEAN_LEVEL = 1.5

/** Confidence: what a check leaves when it agrees, is of the source only, is absent, or failed (choices, to be calibrated on the truth bench). */
export const AGREED = 0.98
export const SOURCE_AGREED = 0.95
export const NO_CHECK = 0.85
export const SCRIPT_UNAVAILABLE = 0.95
export const SCRIPT_FAILED = 0.8
export const LEAST_FACTOR = 0.1
