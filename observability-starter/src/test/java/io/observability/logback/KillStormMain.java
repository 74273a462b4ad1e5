package io.observability.logback;

import java.nio.file.*;
import java.util.*;
import io.observability.testing.ForkedJvm;

final class KillStormMain {

	public static void main(String[] args) throws Exception {
		int rounds = Integer.parseInt(args[0]);
		String mode = args[1];
		int pause = Integer.parseInt(args[2]);
		Path directory = Files.createTempDirectory(Path.of(args.length > 3 ? args[3] : "/tmp"), "storm");
		System.out.println(directory);
		Random random = new Random();
		List<ForkedJvm> jvms = new ArrayList<>();
		int name = 0;
		for (int i = 0; i < 3; i++)
			jvms.add(start(directory, name++, pause));
		for (int round = 0; round < rounds; round++) {
			Thread.sleep(300 + random.nextInt(1200));
			List<ForkedJvm> victims = new ArrayList<>();
			if (mode.equals("all"))
				victims.addAll(jvms);
			else
				victims.add(jvms.get(mode.equals("oldest") ? 0 : random.nextInt(jvms.size())));
			for (ForkedJvm v : victims)
				v.signal("KILL");
			for (ForkedJvm v : victims) {
				v.kill();
				jvms.remove(v);
				jvms.add(start(directory, name++, pause));
			}
		}
		Thread.sleep(500);
		for (ForkedJvm jvm : jvms)
			jvm.send("stop");
		for (ForkedJvm jvm : jvms) {
			jvm.awaitLine("stopped");
			jvm.awaitExit();
		}
		System.out.println(MergedLogChecker.check(directory));
		MergedLogChecker.check(directory).findings().forEach(System.out::println);
		try (var s = Files.walk(directory.resolve("store"))) {
			s.filter(Files::isRegularFile).forEach(System.out::println);
		}
	}

	static ForkedJvm start(Path directory, int name, int pause) {
		ForkedJvm jvm = ForkedJvm.start(LogWriterMain.class, Map.of(), directory.toString(), "w" + name, "2",
				"" + pause);
		jvm.awaitLine("started");
		return jvm;
	}

}
