/**
 * The Python module `aether` that scripts import; documented for their authors in docs/scripts.md.
 * `_report(kind, data)` comes from the boot program. Nothing here is trusted: it lives in the script's own process.
 */
export const HELPER_SCRIPT = String.raw`
import json, os

_RESULT_BYTES = 262144
_given = False


def _plain(value, depth=0):
    """JSON for what analyses report: NumPy and pandas values become plain ones, what is not a number becomes null."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if depth > 64:
        raise ValueError('aether.result: nested deeper than 64 levels')
    if isinstance(value, dict):
        return {str(key): _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(inner, depth + 1) for inner in value]
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if value == value and abs(value) != float('inf') else None
    if hasattr(value, 'isoformat'):
        text = value.isoformat()
        return None if text == 'NaT' else text
    if hasattr(value, 'to_dict'):
        return _plain(value.to_dict(), depth + 1)
    if hasattr(value, 'tolist'):
        return _plain(value.tolist(), depth + 1)
    if type(value).__name__ in ('NAType', 'NaTType'):
        return None
    return str(value)


def _json(value):
    return json.dumps(_plain(value), allow_nan=False, separators=(',', ':')).encode()


def result(value):
    """Report the result: anything that JSON can hold, once, at most 256 KiB."""
    global _given
    if _given:
        raise RuntimeError('aether.result was already called')
    text = _json(value)
    if len(text) > _RESULT_BYTES:
        raise ValueError('aether.result: the result is larger than %d bytes' % _RESULT_BYTES)
    _given = True
    _report(b'R', text)


def metric(name, value, unit, at=None):
    """Report one figure with its unit; at is the instant that it points to. At most 200."""
    number = _plain(value)
    if not (number is None or isinstance(number, (int, float)) and not isinstance(number, bool)):
        raise TypeError('aether.metric: the value is a number or None')
    text = _json({'name': str(name)[:64], 'value': number, 'unit': str(unit)[:16], 'at': at})
    _report(b'M', text)


def artifact(name, data):
    """Keep a file (.png, .svg, .csv, .json): text, bytes, a DataFrame for .csv, plain data for .json."""
    if name.endswith('.csv') and hasattr(data, 'to_csv'):
        data = data.to_csv()
    if name.endswith('.json') and not isinstance(data, (str, bytes)):
        data = _json(data)
    if isinstance(data, str):
        data = data.encode()
    if '/' in name or name.startswith('.'):
        raise ValueError('aether.artifact: a name is plain, without a folder')
    os.makedirs('/tmp/work/artifacts', exist_ok=True)
    with open('/tmp/work/artifacts/' + name, 'wb') as out:
        out.write(data)


def chart(name, series, x=None, kind='line', title='', unit=''):
    """Draw series ({label: values}, a DataFrame, a Series, or one list) as lines or bars into the artifact <name>.svg."""
    if kind not in ('line', 'bar'):
        raise ValueError("aether.chart: kind is 'line' or 'bar'")
    labels = x
    if x is None and hasattr(series, 'index') and not callable(series.index):
        labels = series.index
    if hasattr(series, 'columns'):
        data = {str(label): _numbers(series.iloc[:, i]) for i, label in enumerate(series.columns)}
    elif isinstance(series, dict) and series and all(_is_single(value) for value in series.values()):
        data = {'': _numbers(series.values())}
        labels = list(series) if x is None else x
    elif isinstance(series, dict):
        data = {str(label): _numbers(values) for label, values in series.items()}
    else:
        data = {'': _numbers(series)}
    artifact(name + '.svg', _draw(data, None if labels is None else [str(label) for label in _list(labels)], kind, title, unit))


def _is_single(value):
    return value is None or isinstance(value, (str, int, float)) or getattr(value, 'ndim', None) == 0


def _list(values):
    """A plain list of what a list, an array, a Series or an index holds."""
    return _plain(values.tolist() if hasattr(values, 'tolist') else list(values))


def _numbers(values):
    found = _list(values)
    if not all(v is None or isinstance(v, (int, float)) for v in found):
        raise TypeError('aether.chart: the values are numbers or None')
    return found


_COLOURS = ('#2563eb', '#dc2626', '#16a34a', '#d97706', '#7c3aed', '#0891b2')


def _escape(text):
    return str(text).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace('"', '&quot;')


def _draw(data, labels, kind, title, unit):
    known = [v for values in data.values() for v in values if v is not None]
    if not known:
        raise ValueError('aether.chart: there is no value to draw')
    low, high = min(0, min(known)), max(0, max(known))
    span = (high - low) or 1
    count = max(len(values) for values in data.values())
    left, top, wide, tall = 60, 36, 560, 230
    def across(i, bars=1, bar=0):
        return left + wide * (i + (bar + 0.5) / bars) / count
    def down(value):
        return top + tall * (high - value) / span
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" font-family="sans-serif" font-size="11">',
           '<rect width="640" height="320" fill="#ffffff"/>',
           '<text x="60" y="20" font-size="14">%s</text>' % _escape(title)]
    for step in range(5):
        value = low + span * step / 4
        out.append('<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#e5e7eb"/>' % (left, left + wide, down(value), down(value)))
        out.append('<text x="%d" y="%.1f" text-anchor="end">%s</text>' % (left - 6, down(value) + 4, _escape('%.4g' % value)))
    out.append('<text x="%d" y="%d" text-anchor="end">%s</text>' % (left - 6, top - 8, _escape(unit)))
    for number, (label, values) in enumerate(data.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        if kind == 'bar':
            width = max(wide / count / len(data) * 0.8, 0.5)
            for i, v in enumerate(values):
                if v is not None:
                    y, zero = down(max(v, 0)), down(min(v, 0))
                    out.append('<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>' % (
                        across(i, len(data), number) - width / 2, y, width, zero - y, colour))
        else:
            path, pen = [], 'M'
            for i, v in enumerate(values):
                if v is None:
                    pen = 'M'
                    continue
                path.append('%s%.1f %.1f' % (pen, across(i), down(v)))
                pen = 'L'
            out.append('<path d="%s" fill="none" stroke="%s" stroke-width="1.5"/>' % (' '.join(path), colour))
        if label:
            out.append('<text x="%d" y="312" fill="%s">%s</text>' % (left + number * 95, colour, _escape(label)))
    for i in range(0, count, max(1, count // 6)) if labels else ():
        if i < len(labels):
            out.append('<text x="%.1f" y="%d" text-anchor="middle">%s</text>' % (across(i), top + tall + 16, _escape(labels[i][:16])))
    out.append('</svg>')
    return '\n'.join(out)
`
