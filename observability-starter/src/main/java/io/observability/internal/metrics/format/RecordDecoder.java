/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.observability.internal.metrics.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

import io.observability.GaugeMode;
import io.observability.internal.segment.CorruptSegmentException;

/**
 * Reads the bytes of records, trusting none of them.
 */
public final class RecordDecoder {

	private static final MetricType[] TYPES = MetricType.values();

	private static final GaugeMode[] MODES = GaugeMode.values();

	private static final CellKind[] KINDS = CellKind.values();

	private RecordDecoder() {
	}

	public static Family family(ByteBuffer record) throws CorruptSegmentException {
		int boundCount = count(record, RecordLayout.FAMILY_BOUND_COUNT_OFFSET, Double.BYTES);
		int labelCount = count(record, RecordLayout.FAMILY_LABEL_COUNT_OFFSET, Integer.BYTES);
		MetricType type = constant(TYPES, MetricType::code, record.get(RecordLayout.FAMILY_TYPE_OFFSET), "type");
		GaugeMode mode = constant(MODES, GaugeMode::code, record.get(RecordLayout.FAMILY_MODE_OFFSET), "mode");
		CellKind kind = constant(KINDS, CellKind::code, record.get(RecordLayout.FAMILY_KIND_OFFSET), "kind");
		record.position(RecordLayout.FAMILY_BOUNDS_OFFSET);
		List<Double> bounds = bounds(record, boundCount);
		FamilyMetadata metadata = new FamilyMetadata(text(record), text(record), text(record), type,
				texts(record, labelCount));
		return switch (kind) {
			case TOTALS -> new TotalsFamily(metadata, bounds, record.getDouble(RecordLayout.FAMILY_DIVISOR_OFFSET));
			case SAMPLE -> new SampleFamily(metadata, mode, bounds);
			case WINDOW_MAX -> windowMax(metadata, record);
			case EXEMPLARS -> new ExemplarsFamily(metadata, bounds);
		};
	}

	private static Family windowMax(FamilyMetadata metadata, ByteBuffer record) throws CorruptSegmentException {
		int windows = record.getInt(RecordLayout.FAMILY_WINDOWS_OFFSET);
		long windowMillis = record.getLong(RecordLayout.FAMILY_WINDOW_MILLIS_OFFSET);
		if (metadata.type() != MetricType.GAUGE || windows < 1 || windows > WindowMaxLayout.MAX_WINDOWS
				|| windowMillis < 1) {
			throw new CorruptSegmentException("windows do not fit: type=" + metadata.type() + ", windows=" + windows
					+ ", milliseconds=" + windowMillis);
		}
		return new WindowMaxFamily(metadata, record.getDouble(RecordLayout.FAMILY_DIVISOR_OFFSET), windows,
				windowMillis);
	}

	private static List<Double> bounds(ByteBuffer record, int count) throws CorruptSegmentException {
		List<Double> bounds = new ArrayList<>(count);
		double last = Double.NEGATIVE_INFINITY;
		for (int i = 0; i < count; i++) {
			require(record, Double.BYTES);
			double bound = record.getDouble();
			if (!(last < bound && bound < Double.POSITIVE_INFINITY)) {
				throw new CorruptSegmentException("bounds do not ascend: bound=" + bound + ", last=" + last);
			}
			bounds.add(bound);
			last = bound;
		}
		return bounds;
	}

	public static List<String> labelValues(ByteBuffer record, int count) throws CorruptSegmentException {
		record.position(RecordLayout.SERIES_LABELS_OFFSET);
		return texts(record, count);
	}

	private static List<String> texts(ByteBuffer record, int count) throws CorruptSegmentException {
		List<String> texts = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			texts.add(text(record));
		}
		return texts;
	}

	private static String text(ByteBuffer record) throws CorruptSegmentException {
		require(record, Integer.BYTES);
		int length = record.getInt();
		require(record, length);
		byte[] bytes = new byte[length];
		record.get(bytes);
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private static int count(ByteBuffer record, int offset, int bytesEach) throws CorruptSegmentException {
		require(record, RecordLayout.FAMILY_BOUNDS_OFFSET - record.position());
		int count = record.getInt(offset);
		if (count < 0 || count > record.limit() / bytesEach) {
			throw new CorruptSegmentException(
					"count does not fit: count=" + count + ", record length=" + record.limit());
		}
		return count;
	}

	private static <T> T constant(T[] constants, ToIntFunction<T> code, byte value, String what)
			throws CorruptSegmentException {
		for (T constant : constants) {
			if (code.applyAsInt(constant) == value) {
				return constant;
			}
		}
		throw new CorruptSegmentException("unknown " + what + ": value=" + value + ", known=" + constants.length);
	}

	private static void require(ByteBuffer record, int bytes) throws CorruptSegmentException {
		if (bytes < 0 || bytes > record.remaining()) {
			throw new CorruptSegmentException(
					"text does not fit: length=" + bytes + ", left in record=" + record.remaining());
		}
	}

}
