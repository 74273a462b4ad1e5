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

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Settings of the log that applications use, each with all that Boot and Logback do. */
final class LogSettings {

	private static final String ENCODER = "<encoder><pattern>%d %level %logger - %msg%n</pattern></encoder>";

	private static final String ROLLING = """
			<rollingPolicy class="ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy">
				<fileNamePattern>${LOG_FILE}.%d{yyyy-MM-dd}.%i.gz</fileNamePattern>
				<maxFileSize>10MB</maxFileSize>
			</rollingPolicy>
			""";

	private static final String ROOT = "<root level=\"DEBUG\"><appender-ref ref=\"FILE\"/></root>";

	private LogSettings() {
	}

	static Stream<LogSetting> all() {
		List<LogSetting> all = new ArrayList<>();
		all.add(LogSetting.of("nothing but a file"));
		all.add(LogSetting.of("a path instead of a name", "logging.file.name", "", "logging.file.path", "DIR"));
		patterns(all);
		charsets(all);
		levels(all);
		rolling(all);
		for (String format : List.of("ecs", "gelf", "logstash")) {
			structured(all, format);
		}
		ownStructuredFormats(all);
		appenders(all, "ch.qos.logback.core.rolling.RollingFileAppender");
		wrappers(all);
		return all.stream();
	}

	/** Returns a setting whose file begins with a header and ends with a footer. */
	static LogSetting headerAndFooter(String... properties) {
		return xml("header and footer", "ch.qos.logback.core.rolling.RollingFileAppender",
				"<encoder class=\"" + OwnFormats.JsonArray.class.getName() + "\"/>" + ROLLING, ROOT, properties);
	}

	private static void patterns(List<LogSetting> all) {
		for (String pattern : List.of("%m%n", "%d{HH:mm:ss.SSS, UTC} %-5p [%15.15t] %c{1}:%L %M - %msg%n%rEx",
				"%msg %X %X{user:-none} %kvp{SINGLE} %marker%n%xEx{5}",
				"%-40.40logger{39} %.-3level|%-10.10msg|%n%ex{short}",
				"%clr(%d{ISO8601}){cyan} %clr(%5p) %replace(%msg){'[0-9]+','#'} %property{LOG_FILE:-x}%n%nopex",
				"%caller{2} %sn %ms %contextName%n%wEx", "no event at all%n", "%esb(){X}%m{a} é€ %unknown %n", "")) {
			all.add(LogSetting.of("pattern " + pattern, "logging.pattern.file", pattern));
		}
		all.add(LogSetting.of("parts of the pattern", "logging.pattern.dateformat",
				"yyyy HH:mm:ss.SSSXXX,Europe/Berlin", "logging.pattern.level", "%5p [%X{user}]",
				"logging.exception-conversion-word", "%ex{3}", "spring.application.name", "shop",
				"spring.application.group", "shops", "logging.pattern.correlation", "[%X{traceId:-}] ",
				"spring.application.pid", "4711"));
	}

	private static void charsets(List<LogSetting> all) {
		for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1", "US-ASCII", "windows-1252",
				"Shift_JIS", "IBM1047")) {
			all.add(LogSetting.of("charset " + charset, "logging.charset.file", charset));
		}
	}

	private static void levels(List<LogSetting> all) {
		all.add(LogSetting.of("threshold", "logging.threshold.file", "WARN"));
		all.add(LogSetting.of("no threshold", "logging.threshold.file", "OFF"));
		all.add(LogSetting.of("levels", "logging.level.root", "TRACE", "logging.level.shop.orders", "ERROR",
				"logging.group.others", "org.other,a", "logging.level.others", "OFF"));
	}

	private static void rolling(List<LogSetting> all) {
		all.add(LogSetting.of("rolling by size", "logging.logback.rollingpolicy.max-file-size", "20KB"));
		all.add(LogSetting.of("rolling uncompressed", "logging.logback.rollingpolicy.max-file-size", "20KB",
				"logging.logback.rollingpolicy.file-name-pattern", "${LOG_FILE}.%d{yyyy-MM-dd}.%i",
				"logging.logback.rollingpolicy.max-history", "100", "logging.logback.rollingpolicy.total-size-cap",
				"100MB", "logging.logback.rollingpolicy.clean-history-on-start", "true"));
	}

	private static void structured(List<LogSetting> all, String format) {
		structured(all, format, "");
		structured(all, format, "service", "spring.application.name", "shop", "spring.application.version", "1.2",
				"spring.application.pid", "4711", "logging.structured.ecs.service.node-name", "node-1",
				"logging.structured.ecs.service.environment", "test", "logging.structured.ecs.service.version", "3",
				"logging.structured.gelf.host", "host-1", "logging.structured.gelf.service.version", "4");
		structured(all, format, "members", "logging.structured.json.exclude", "log.level,level,logger_name,_log_logger",
				"logging.structured.json.rename.message", "text", "logging.structured.json.rename.short_message",
				"text", "logging.structured.json.add.team", "orders", "logging.structured.json.add.some.nested", "x");
		structured(all, format, "includes", "logging.structured.json.include", "message,short_message,instance_id,"
				+ "_instance_id,error.stack_trace,error,stack_trace,_error_stack_trace");
		structured(all, format, "traces root first", "logging.structured.json.stacktrace.root", "first",
				"logging.structured.json.stacktrace.include-common-frames", "true",
				"logging.structured.json.stacktrace.include-hashes", "true");
		structured(all, format, "traces cut", "logging.structured.json.stacktrace.root", "last",
				"logging.structured.json.stacktrace.max-length", "500",
				"logging.structured.json.stacktrace.max-throwable-depth", "3");
		structured(all, format, "member of the starter's name", "logging.structured.json.add.instance_id", "own",
				"logging.structured.json.add._instance_id", "own");
		structured(all, format, "member renamed to the starter's", "logging.structured.json.rename.message",
				"instance_id", "logging.structured.json.rename.short_message", "_instance_id");
		structured(all, format, "starter's member renamed", "logging.structured.json.rename.instance_id", "worker",
				"logging.structured.json.rename._instance_id", "worker", "logging.structured.json.add.worker", "own");
		structured(all, format, "no context", "logging.structured.json.context.include", "false");
		structured(all, format, "prefix and UTF-16", "logging.structured.json.context.prefix", "ctx.",
				"logging.charset.file", "UTF-16");
	}

	private static void structured(List<LogSetting> all, String format, String name, String... properties) {
		String[] more = Stream.concat(Stream.of("logging.structured.format.file", format), Stream.of(properties))
			.toArray(String[]::new);
		all.add(LogSetting.of(format + " " + name, more));
	}

	private static void ownStructuredFormats(List<LogSetting> all) {
		all.add(LogSetting.of("own structured format", "logging.structured.format.file",
				OwnFormats.Structured.class.getName()));
		all.add(LogSetting.of("own customizer and printer", "logging.structured.format.file", "logstash",
				"logging.structured.json.customizer", OwnFormats.Customizer.class.getName(),
				"logging.structured.json.stacktrace.printer", OwnFormats.Printer.class.getName()));
		all.add(LogSetting.of("structured console beside", "logging.structured.format.file", "ecs",
				"logging.structured.format.console", "gelf"));
	}

	private static void appenders(List<LogSetting> all, String type) {
		all.add(xml("HTML", type,
				"""
						<encoder class="ch.qos.logback.core.encoder.LayoutWrappingEncoder">
							<layout class="ch.qos.logback.classic.html.HTMLLayout"><pattern>%d%level%logger%msg</pattern></layout>
						</encoder>"""
						+ ROLLING,
				ROOT));
		all.add(headerAndFooter());
		all.add(xml("header in UTF-16", type, """
				<encoder><pattern>%msg%n</pattern><charset>UTF-16</charset>
				<outputPatternAsHeader>true</outputPatternAsHeader></encoder>
				""" + ROLLING, ROOT));
		all.add(xml("pattern as header", type, """
				<encoder><pattern>%msg%n</pattern><outputPatternAsHeader>true</outputPatternAsHeader></encoder>
				""" + ROLLING, ROOT));
		all.add(xml("layout of its own", type, """
				<encoder class="ch.qos.logback.core.encoder.LayoutWrappingEncoder">
					<layout class="ch.qos.logback.classic.layout.TTLLLayout"/>
				</encoder>""" + ROLLING, ROOT));
		all.add(xml("JSON encoder", type, "<encoder class=\"ch.qos.logback.classic.encoder.JsonEncoder\"/>" + ROLLING,
				ROOT));
		all.add(xml("additivity", type, ENCODER + ROLLING,
				ROOT + logger("shop.orders", "level=\"WARN\" additivity=\"false\"")));
		all.add(xml("several loggers", type, ENCODER + ROLLING, ROOT + logger("shop", "") + logger("shop.orders", "")));
		all.add(xml("filters", type, """
				<filter class="ch.qos.logback.classic.filter.LevelFilter">
					<level>INFO</level><onMatch>DENY</onMatch><onMismatch>NEUTRAL</onMismatch>
				</filter>
				<filter class="ch.qos.logback.classic.filter.ThresholdFilter"><level>DEBUG</level></filter>
				""" + ENCODER + ROLLING,
				"<turboFilter class=\"ch.qos.logback.classic.turbo.MarkerFilter\"><Marker>AUDIT</Marker>"
						+ "<OnMatch>ACCEPT</OnMatch></turboFilter>" + ROOT));
		all.add(xml("fixed window", type, ENCODER + """
				<rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy">
					<fileNamePattern>${LOG_FILE}.%i.zip</fileNamePattern>
				</rollingPolicy>
				<triggeringPolicy class="ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy">
					<maxFileSize>10MB</maxFileSize>
				</triggeringPolicy>
				""", ROOT));
		all.add(xml("by time", type, ENCODER + """
				<rollingPolicy class="ch.qos.logback.core.rolling.TimeBasedRollingPolicy">
					<fileNamePattern>${LOG_FILE}.%d{yyyy-MM}.gz</fileNamePattern><maxHistory>3</maxHistory>
				</rollingPolicy>
				""", ROOT));
	}

	private static String logger(String name, String attributes) {
		return "<logger name=\"" + name + "\" " + attributes + "><appender-ref ref=\"FILE\"/></logger>";
	}

	private static LogSetting xml(String name, String type, String parts, String loggers, String... properties) {
		return LogSetting.xml(name, "<appender name=\"FILE\" class=\"" + type + "\"><file>${LOG_FILE}</file>" + parts
				+ "</appender>" + loggers, properties);
	}

	private static void wrappers(List<LogSetting> all) {
		String file = "<appender name=\"FILE\" class=\"ch.qos.logback.core.rolling.RollingFileAppender\">"
				+ "<file>${LOG_FILE}</file>" + ENCODER + ROLLING + "</appender>";
		all.add(LogSetting.xml("asynchronous", file + """
				<appender name="ASYNC" class="ch.qos.logback.classic.AsyncAppender">
					<neverBlock>false</neverBlock><discardingThreshold>0</discardingThreshold><appender-ref ref="FILE"/>
				</appender>
				<root level="INFO"><appender-ref ref="ASYNC"/></root>"""));
		all.add(LogSetting.xml("two files", file + """
				<appender name="OTHER" class="ch.qos.logback.core.FileAppender">
					<file>DIR/other.log</file><encoder><pattern>%level %msg%n</pattern></encoder>
				</appender>
				<root level="INFO"><appender-ref ref="OTHER"/><appender-ref ref="FILE"/></root>"""));
		all.add(LogSetting.xml("other name and file",
				file.replace("FILE\"", "MINE\"").replace("${LOG_FILE}", "DIR/m.log")
						+ "<root level=\"INFO\"><appender-ref ref=\"MINE\"/></root>"));
	}

}
