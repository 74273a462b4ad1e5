// Polls the state of the fleet and shows it. All data of the server is inserted as text, never as markup.

'use strict';

const POLL_MILLIS = 1000;
const SECOND_POLL_MILLIS = 200; // rates need two polls; an early second one shows the first chart sooner
const TIMEOUT_MILLIS = 10_000;
const WINDOW_MILLIS = 120_000;
const ENDED_SHOWN_MILLIS = 600_000;
const MAX_LINES = 1000;
const COLOURS = 8;
const LEVELS = ['', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];
const LEVEL = /\b(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b/;
const PID = /\s(\d+) --- |pid"?\s*[:=]\s*"?(\d+)/;
const SIGNED_OUT_POLL_MILLIS = 10_000;
// Without the credentials that the address may have: fetch() refuses such URLs. The browser sends them all the same.
const LIVE_URL = location.origin + location.pathname.replace(/\/$/, '') + '/live';

const byId = (id) => document.getElementById(id);

function element(name, className, text) {
	const made = document.createElement(name);
	if (className) {
		made.className = className;
	}
	setText(made, text ?? '');
	return made;
}

/** Changes the text only if it differs, so that a selection is kept. */
function setText(target, text) {
	if (target.textContent !== text) {
		target.textContent = text;
	}
}

// ---- Numbers

function number(value) {
	if (value === null || value === undefined) {
		return '–';
	}
	const digits = (value !== 0 && Math.abs(value) < 10) ? 1 : 0;
	return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function scaled(value, units, step) {
	if (value === null || value === undefined) {
		return '–';
	}
	let unit = 0;
	while (Math.abs(value) >= step && unit < units.length - 1) {
		value /= step;
		unit++;
	}
	return number(value) + '\u00a0' + units[unit];
}

const bytes = (value) => scaled(value, ['B', 'KiB', 'MiB', 'GiB', 'TiB'], 1024);
const seconds = (value) => (value === null) ? '–' : scaled(value * 1000, ['ms', 's'], 1000);

function duration(millis) {
	const total = Math.max(0, Math.floor(millis / 1000));
	const parts = [[86400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']];
	const first = parts.findIndex(([size]) => total >= size);
	if (first < 0) {
		return '0s';
	}
	const [size, unit] = parts[first];
	const rest = parts[first + 1];
	return Math.floor(total / size) + unit + (rest ? ' ' + Math.floor(total % size / rest[0]) + rest[1] : '');
}

/** The rate per second, or null if the counter was reset. */
function rate(before, now, millis) {
	return (before === undefined || now < before || millis <= 0) ? null : (now - before) * 1000 / millis;
}

/** Like Prometheus's histogram_quantile: interpolates linearly within a bucket, and returns the highest finite bound at most. */
function quantile(q, before, now) {
	const known = new Map(before.map((bucket) => [bucket.le, bucket.count]));
	const counts = now.map((bucket) => ({ le: bucket.le, count: bucket.count - (known.get(bucket.le) ?? 0) }));
	const total = counts.reduce((sum, bucket) => sum + bucket.count, 0);
	if (total <= 0 || counts.some((bucket) => bucket.count < 0)) {
		return null;
	}
	let rank = q * total;
	let lower = 0;
	for (const { le, count } of counts) {
		if (le === undefined || le === null) {
			break;
		}
		if (count > 0 && rank <= count) {
			return lower + (le - lower) * rank / count;
		}
		rank -= count;
		lower = le;
	}
	return lower;
}

// ---- Charts

function colour(index) {
	return getComputedStyle(document.documentElement).getPropertyValue('--c' + index % COLOURS).trim();
}

class LiveChart {

	constructor(title, unit, format, lines) {
		this.format = format;
		this.lines = new Map();
		this.legend = element('ul', 'legend');
		this.canvas = element('canvas');
		this.canvas.setAttribute('role', 'img');
		this.title = title;
		const heading = element('h2', '', title + ' ');
		heading.append(element('small', '', unit));
		const caption = element('figcaption');
		caption.append(heading, this.legend);
		const plot = element('div', 'plot');
		plot.append(this.canvas);
		const figure = element('figure');
		figure.append(caption, plot);
		byId('charts').append(figure);
		this.chart = globalThis.Chart ? this.makeChart() : null;
		lines.forEach(([name, index]) => this.line(name, name, index));
		this.paint();
	}

	makeChart() {
		return new Chart(this.canvas, {
			type: 'line',
			data: { datasets: [] },
			options: {
				animation: false,
				maintainAspectRatio: false,
				parsing: false,
				normalized: true,
				interaction: { mode: 'nearest', axis: 'x', intersect: false },
				plugins: {
					legend: { display: false },
					tooltip: {
						callbacks: {
							title: (items) => items.length ? new Date(items[0].parsed.x).toLocaleTimeString() : '',
							label: (item) => item.dataset.label + ' ' + this.format(item.parsed.y),
						},
					},
				},
				scales: {
					x: { type: 'linear', display: false },
					y: {
						beginAtZero: true,
						border: { display: false },
						ticks: { maxTicksLimit: 4, callback: (value) => this.format(value) },
					},
				},
			},
		});
	}

	/** Returns the line with a key, created on first use. A line with a label is in the legend. */
	line(key, label, index, inLegend = true) {
		let line = this.lines.get(key);
		if (!line) {
			line = { points: [], index, item: null };
			if (inLegend) {
				const item = element('li');
				item.append(element('span', 'swatch c' + index), element('small', '', label + ' '), element('span'));
				this.legend.append(item);
				line.item = item.lastChild;
			}
			this.lines.set(key, line);
			this.chart?.data.datasets.push({ label, data: line.points, borderWidth: 1.5, pointRadius: 0 });
			this.paint();
		}
		return line;
	}

	/** Uses the colours of the light or the dark mode. */
	paint() {
		if (!this.chart) {
			return;
		}
		const style = getComputedStyle(document.documentElement);
		[...this.lines.values()].forEach((line, i) => {
			this.chart.data.datasets[i].borderColor = colour(line.index);
			this.chart.data.datasets[i].backgroundColor = colour(line.index);
		});
		const { y } = this.chart.options.scales;
		y.grid = { color: style.getPropertyValue('--line') };
		y.ticks.color = style.getPropertyValue('--muted');
		y.ticks.font = { size: 11 };
	}

	add(time, key, value) {
		const line = this.lines.get(key);
		line.points.push({ x: time, y: value });
		if (line.item) {
			setText(line.item, this.format(value));
		}
	}

	show(time) {
		for (const [key, line] of this.lines) {
			while (line.points.length && line.points[0].x < time - WINDOW_MILLIS) {
				line.points.shift();
			}
			if (line.points.length === 0 && !line.item) {
				this.remove(key);
			}
		}
		this.canvas.setAttribute('aria-label', this.title + ' of the last two minutes. '
			+ this.legend.textContent.replace(/\s+/g, ' '));
		if (this.chart) {
			this.chart.options.scales.x.min = time - WINDOW_MILLIS;
			this.chart.options.scales.x.max = time;
			this.chart.update('none');
		}
	}

	remove(key) {
		this.chart?.data.datasets.splice([...this.lines.keys()].indexOf(key), 1);
		this.lines.delete(key);
	}

}

const charts = {
	requests: new LiveChart('Requests', 'per second', number, [['all', 0]]),
	latency: new LiveChart('Latency', 'quantiles', seconds, [['p50', 2], ['p95', 1], ['p99', 4]]),
	errors: new LiveChart('Errors', 'per second', number, [['5xx', 4], ['4xx', 6]]),
	inProgress: new LiveChart('In progress', 'requests', number, [['all', 5]]),
	heap: new LiveChart('Heap', 'per instance', bytes, [['all', 7]]),
};
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
	Object.values(charts).forEach((chart) => {
		chart.paint();
		chart.chart?.update('none');
	}));

function showCharts(before, now) {
	const time = now.millis;
	const elapsed = time - (before?.millis ?? time);
	const count = (live, status) => live.traffic.byStatus[status] ?? 0;
	const total = (live) => Object.values(live.traffic.byStatus).reduce((sum, value) => sum + value, 0);
	if (before) {
		charts.requests.add(time, 'all', rate(total(before), total(now), elapsed));
		for (const status of ['4xx', '5xx']) {
			charts.errors.add(time, status, rate(count(before, status), count(now, status), elapsed));
		}
		for (const [name, q] of [['p50', 0.5], ['p95', 0.95], ['p99', 0.99]]) {
			charts.latency.add(time, name, quantile(q, before.traffic.latency, now.traffic.latency));
		}
	}
	charts.inProgress.add(time, 'all', now.traffic.inProgress);
	let heap = 0;
	for (const member of now.fleet.instances.filter((instance) => instance.alive)) {
		const activity = now.activity[member.slot];
		if (activity?.heapBytes) { // 0: not sampled yet
			const key = keyOf(member);
			charts.heap.line(key, 'instance ' + member.id, member.slot, false);
			charts.heap.add(time, key, activity.heapBytes);
			heap += activity.heapBytes;
		}
	}
	const all = charts.heap.lines.get('all');
	setText(all.item, bytes(heap));
	Object.values(charts).forEach((chart) => chart.show(time));
}

// ---- Instances

/** Slots are reused, so the key includes the start time of the occupant. */
const keyOf = (member) => member.slot + ' ' + member.started;

/** When an instance has ended, by the server's clock; undefined if that is unknown. */
function endOf(member, known, live) {
	if (member.ended) {
		return Math.min(Date.parse(member.ended), live.millis);
	}
	return known?.alive ? live.millis : known?.ended;
}

const seen = new Map();
const rows = new Map();

/** All instances that were seen; terminated ones are kept for a while. */
function members(live) {
	for (const member of live.fleet.instances) {
		const known = seen.get(keyOf(member));
		seen.set(keyOf(member), { ...member, ended: member.alive ? null : endOf(member, known, live) });
	}
	const present = new Set(live.fleet.instances.map(keyOf));
	for (const [key, member] of seen) {
		if (!present.has(key) && member.alive) {
			member.alive = false;
			member.ended = live.millis;
		}
		if (!member.alive && !(live.millis - member.ended <= ENDED_SHOWN_MILLIS)) {
			seen.delete(key);
		}
	}
	return [...seen.values()].sort((a, b) => (b.alive - a.alive) || (a.slot - b.slot)
		|| b.started.localeCompare(a.started));
}

function row(key) {
	if (!rows.has(key)) {
		const made = element('tr');
		const name = element('th');
		name.scope = 'row';
		name.append(element('span', 'swatch'), element('span'));
		made.append(name);
		[...document.querySelectorAll('thead th')].slice(1)
			.forEach((column) => made.append(element('td', column.className)));
		rows.set(key, made);
	}
	return rows.get(key);
}

function role(member, live) {
	const roles = [];
	if (member.alive && member.slot === live.fleet.collector) {
		roles.push('collector');
	}
	if (member.self && member.alive) {
		roles.push('answers');
	}
	return roles.join(', ');
}

function showInstances(before, live) {
	const list = members(live);
	const body = byId('instances');
	list.forEach((member, i) => {
		const key = keyOf(member);
		const made = row(key);
		const activity = member.alive ? live.activity[member.slot] : undefined;
		const earlier = before?.fleet.instances.some((other) => keyOf(other) === key)
			? before.activity[member.slot] : undefined;
		const dropped = Object.values(member.logDropped).reduce((sum, value) => sum + value, 0);
		made.className = member.alive ? 'live' : 'ended';
		const [name, ...cells] = made.children;
		name.firstChild.className = member.alive ? 'swatch c' + member.slot % COLOURS : 'swatch';
		setText(name.lastChild, member.id);
		[
			member.alive ? 'live' : 'ended ' + duration(live.millis - member.ended) + ' ago',
			role(member, live),
			member.alive ? duration(live.millis - Date.parse(member.started)) : '–',
			activity ? number(rate(earlier?.requests, activity.requests, live.millis - before?.millis)) : '–',
			activity ? bytes(activity.heapBytes) : '–',
			bytes(member.logBacklogBytes),
			number(dropped),
			number(member.series) + (member.seriesMissing ? ' (' + number(member.seriesMissing) + ' missing)' : ''),
			String(member.pid),
			member.host,
		].forEach((text, column) => setText(cells[column], text));
		if (body.children[i] !== made) {
			body.insertBefore(made, body.children[i] ?? null);
		}
	});
	for (const [key, made] of rows) {
		if (!seen.has(key)) {
			made.remove();
			rows.delete(key);
		}
	}
	showInstanceFilter(list);
}

function showInstanceFilter(list) {
	const filter = byId('instance');
	const wanted = [...new Set(list.map((member) => member.id))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
	for (const id of wanted) {
		if (![...filter.options].some((option) => option.value === id)) {
			const option = element('option', '', id);
			option.value = id;
			filter.append(option);
		}
	}
}

// ---- Summary

function showSummary(live) {
	const { instances, collector, store, archive, problems } = live.fleet;
	const alive = instances.filter((member) => member.alive).length;
	const backlog = instances.reduce((sum, member) => sum + member.logBacklogBytes, 0);
	const collecting = instances.find((member) => member.slot === collector);
	const facts = [
		['Instances', String(alive)],
		['Collector', collecting ? collecting.id : 'none'],
		['Log backlog', bytes(backlog)],
		['Store', store ? bytes(store.bytes) : 'none'],
		['Archived series', number(archive.series)],
	];
	const summary = byId('summary');
	facts.forEach(([name, value], i) => {
		const fact = summary.children[i] ?? summary.appendChild(element('div'));
		if (!fact.firstChild) {
			fact.append(element('dt', '', name), element('dd'));
		}
		setText(fact.lastChild, value);
	});
	setText(byId('application'), live.application);
	document.title = live.application + ' fleet';
	const list = byId('problems');
	const texts = Object.entries(problems).map(([subject, problem]) =>
		problem + ', ' + (/^(task|metric) /.test(subject) ? subject : 'file=' + subject));
	if (list.textContent !== texts.join('')) {
		list.replaceChildren(...texts.map((text) => element('li', '', text)));
	}
	list.hidden = texts.length === 0;
}

// ---- Log

const lines = byId('lines');
let lastLine = { level: 0, instance: '' };

/** Lines of a stack trace have neither level nor process id, and inherit those of their event. */
function describe(text) {
	const head = text.slice(0, 300);
	const level = LEVEL.exec(head);
	if (level) {
		const pid = PID.exec(text);
		lastLine = {
			level: (level[1] === 'FATAL') ? 5 : LEVELS.indexOf(level[1]),
			instance: pid ? instanceOf(pid[1] ?? pid[2]) : '',
		};
	}
	return lastLine;
}

/** Returns the instance of a line, if only one instance has its process id. */
function instanceOf(pid) {
	const ids = new Set([...seen.values()].filter((member) => String(member.pid) === pid).map((member) => member.id));
	return (ids.size === 1) ? [...ids][0] : '';
}

function isWanted(line) {
	const instance = byId('instance').value;
	return Number(line.dataset.level) >= Number(byId('level').value)
		&& (instance === '' || line.dataset.instance === instance);
}

function showLog({ log, logNote }) {
	const note = byId('log-note');
	setText(note, logNote ?? (log ? '' : 'Nothing has been logged yet.'));
	note.hidden = note.textContent === '';
	lines.hidden = !log;
	if (!log || log.lines.length === 0) {
		return;
	}
	const made = log.lines.slice(-MAX_LINES).map((text) => {
		const { level, instance } = describe(text);
		const line = element('div', LEVELS[level].toLowerCase(), text);
		line.dataset.level = level;
		line.dataset.instance = instance;
		line.hidden = !isWanted(line);
		return line;
	});
	lines.append(...made);
	while (lines.children.length > MAX_LINES) {
		lines.firstChild.remove();
	}
	follow();
}

function follow() {
	if (byId('follow').checked) {
		lines.scrollTop = lines.scrollHeight;
	}
}

function filter() {
	[...lines.children].forEach((line) => { line.hidden = !isWanted(line); });
	follow();
}

byId('level').addEventListener('change', filter);
byId('instance').addEventListener('change', filter);
byId('follow').addEventListener('change', follow);
lines.addEventListener('scroll', () => {
	byId('follow').checked = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
});

// ---- Polling

let previous = null;

class SignedOut extends Error {
}

async function poll() {
	const url = LIVE_URL + (previous?.log ? '?log=' + encodeURIComponent(previous.log.position) : '');
	const response = await fetch(url, {
		// By the second one Spring Security knows that it is not to ask for a password, nor to come back to this URL.
		headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
		cache: 'no-store',
		redirect: 'manual',
		signal: AbortSignal.timeout(TIMEOUT_MILLIS),
	});
	if (response.type === 'opaqueredirect' || response.status === 401) {
		throw new SignedOut();
	}
	if (!response.ok) {
		throw new Error('HTTP ' + response.status);
	}
	const live = await response.json();
	live.millis = Date.parse(live.time);
	showSummary(live);
	showInstances(previous, live);
	showCharts(previous, live);
	showLog(live);
	previous = live;
	const status = byId('status');
	status.className = '';
	setText(status, 'Live');
}

/** Returns the time until the next poll. */
async function pollAndReport() {
	const isFirst = previous === null;
	try {
		await poll();
		return isFirst ? SECOND_POLL_MILLIS : POLL_MILLIS;
	}
	catch (error) {
		const signedOut = error instanceof SignedOut;
		const since = previous ? new Date(previous.millis).toLocaleTimeString() : 'the start';
		const status = byId('status');
		status.className = 'lost';
		setText(status, signedOut ? 'Signed out: reload the page to sign in again'
			: 'No answer since ' + since + ': ' + error.message);
		return signedOut ? SIGNED_OUT_POLL_MILLIS : POLL_MILLIS;
	}
}

async function keepPolling() {
	setTimeout(keepPolling, document.hidden ? POLL_MILLIS : await pollAndReport());
}

keepPolling();
