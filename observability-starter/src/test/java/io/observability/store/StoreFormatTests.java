package io.observability.store;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code docs/store-format.md} says of offsets is what the code does.
 */
class StoreFormatTests {

	@Test
	void theDocumentHasAllOffsetsOfHeaderAndRecords() throws Exception {
		Map<String, Integer> offsets = new TreeMap<>();
		for (Class<?> layout : new Class<?>[] { SegmentLayout.class, RecordLayout.class, ExemplarsLayout.class }) {
			for (Field field : layout.getDeclaredFields()) {
				if (field.getName().endsWith("_OFFSET") && !field.getName().equals("BODY_OFFSET")) {
					offsets.put(layout.getSimpleName() + "." + field.getName(), field.getInt(null));
				}
			}
		}

		assertThat(documented()).isEqualTo(offsets);
	}

	private static Map<String, Integer> documented() throws IOException {
		Matcher row = Pattern.compile("^\\| (\\d+) \\| [^|]+ \\| (\\w+Layout\\.\\w+) \\|", Pattern.MULTILINE)
			.matcher(Files.readString(Path.of("..", "docs", "store-format.md")));
		Map<String, Integer> offsets = new TreeMap<>();
		while (row.find()) {
			offsets.put(row.group(2), Integer.valueOf(row.group(1)));
		}
		return offsets;
	}

}
