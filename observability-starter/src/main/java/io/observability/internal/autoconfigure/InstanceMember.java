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

package io.observability.internal.autoconfigure;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import io.observability.internal.logback.event.EventOrigin;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.json.JsonWriter.MemberPath;
import org.springframework.boot.json.JsonWriter.Members;

/**
 * The member of a structured format that names the instance.
 *
 * <p>
 * Boot writes no event that has a member twice. So the member is left out if the event
 * has one of that name already, wherever that comes from: the MDC, key-value pairs,
 * properties, customizers, the format itself. For this the names that are written are
 * observed; the member is the last one of an event. By the names it is also recognised
 * which format it is, because there may be several.
 */
final class InstanceMember {

	/** Only GELF has it, and always as one of the first. */
	private static final String GELF_MEMBER = "short_message";

	private final String label;

	/** GELF requires an underscore in front of additional fields. */
	private final String gelfLabel;

	private final ThreadLocal<Written> written = ThreadLocal.withInitial(Written::new);

	/** Name of an event's first member. */
	private volatile @Nullable String first;

	/** Name of this member after all renaming, once it has been written. */
	private volatile @Nullable String renamed;

	InstanceMember(String label) {
		this.label = label;
		this.gelfLabel = "_" + label;
	}

	void addTo(Members<Object> members) {
		members.applyingNameProcessor(this::observe);
		members.add().usingPairs(this::write);
	}

	/** Called for each member, with the name under which it is written. */
	private String observe(MemberPath path, String name) {
		MemberPath parent = path.parent();
		if (parent == null || parent.parent() != null) {
			return name;
		}
		Written written = this.written.get();
		if (written.own) {
			this.renamed = name;
			// The first time it is too late to leave it out.
			return written.names.contains(name) ? "_" + name : name;
		}
		String first = this.first;
		if (first == null) {
			this.first = path.name();
		}
		else if (first.equals(path.name())) {
			// An event before it may have failed in the middle.
			written.clear();
		}
		written.gelf |= GELF_MEMBER.equals(path.name());
		written.names.add(name);
		return name;
	}

	private void write(Object event, BiConsumer<String, String> members) {
		EventOrigin origin = originOf(event);
		Written written = this.written.get();
		String name = written.gelf ? this.gelfLabel : this.label;
		if (origin != null && !written.names.contains(Objects.requireNonNullElse(this.renamed, name))) {
			written.own = true;
			members.accept(name, origin.instance());
		}
		written.clear();
	}

	private static @Nullable EventOrigin originOf(Object event) {
		return (event instanceof ILoggingEvent logged && LoggerFactory.getILoggerFactory() instanceof Context context)
				? EventOrigin.of(logged, context) : null;
	}

	/** What has been written of the event that this thread is writing. */
	private static final class Written {

		private final Set<String> names = new HashSet<>();

		private boolean gelf;

		/** Whether the instance's member is being written. */
		private boolean own;

		void clear() {
			this.names.clear();
			this.gelf = false;
			this.own = false;
		}

	}

}
