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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

import io.observability.internal.instance.Instance;
import io.observability.internal.instance.StoreDirectory;
import io.observability.internal.instance.UntrustedStoreException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The location of the shared folder, and the id under which this instance joins the
 * fleet. Used by the logging system before there is an application context, and by the
 * context itself.
 *
 * @param directory the folder
 * @param explicit whether it was configured, rather than chosen by default
 * @param instanceName value of the instance label, or null for the slot number
 */
record StoreLocation(Path directory, boolean explicit, @Nullable String instanceName) {

	static final String DIRECTORY_PROPERTY = "observability.store.directory";

	private static final String NAME_PROPERTY = "observability.instance.id";

	static StoreLocation of(Environment environment) {
		String name = environment.getProperty(NAME_PROPERTY);
		String instanceName = StringUtils.hasText(name) ? name : null;
		String directory = environment.getProperty(DIRECTORY_PROPERTY);
		if (!StringUtils.hasText(directory)) {
			return new StoreLocation(DefaultStorePlace.ofThisProcess().folderOf(DefaultStoreName.of(environment)),
					false, instanceName);
		}
		try {
			return new StoreLocation(Path.of(directory), true, instanceName);
		}
		catch (InvalidPathException ex) {
			throw new InvalidPropertyException(DIRECTORY_PROPERTY, directory, remedy(ex.toString()));
		}
	}

	/**
	 * Joins the fleet.
	 * @return the membership
	 * @throws IOException if the default folder can't be used, or if a configured one
	 * can't be used at present, because there is no space, for example
	 * @throws InvalidPropertyException if the configured folder is not one that can be
	 * used
	 */
	Instance join() throws IOException {
		try {
			return tryJoin();
		}
		catch (IOException ex) {
			if (this.explicit && !isTransient(ex)) {
				throw new InvalidPropertyException(DIRECTORY_PROPERTY, this.directory, remedy(ex.toString()));
			}
			throw ex;
		}
	}

	/**
	 * Joins the fleet, whatever the reason is for which that may fail.
	 * @return the membership
	 * @throws IOException if the folder can't be used
	 */
	Instance tryJoin() throws IOException {
		return Instance.join(StoreDirectory.open(this.directory), this.instanceName);
	}

	/**
	 * Returns whether the folder is as it should be, so that the failure has another
	 * reason: no space, no inodes, too many open files, something in it that is damaged.
	 * The platform has no error codes, and its messages depend on the language.
	 */
	private boolean isTransient(IOException failure) {
		return !(failure instanceof UntrustedStoreException) && canBeUsed(this.directory.toAbsolutePath().normalize());
	}

	/**
	 * Returns whether the folder, or the nearest one above it, can be written, or could
	 * be if its file system were not mounted read-only: the kernel does that after errors
	 * of the disk.
	 */
	private static boolean canBeUsed(@Nullable Path directory) {
		try {
			return directory != null && Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()
					&& (Files.isWritable(directory) || Files.getFileStore(directory).isReadOnly());
		}
		catch (NoSuchFileException ex) {
			return canBeUsed(directory.getParent());
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static String remedy(String cause) {
		return "Give a folder on a local disk that the user of this process owns, or a group shares (mode 2770), that "
				+ "this process can write to and other users can't, the same for all instances of the application, "
				+ "or remove the property (" + cause + ").";
	}

}
