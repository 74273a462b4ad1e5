package io.observability.memory;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What others may do with the files of a store: nothing. Where the file system has no
 * POSIX permissions, the parent folder decides.
 */
public final class Permissions {

	private static final FileAttribute<?>[] NONE = {};

	private Permissions() {
	}

	/**
	 * Attributes with which to create a file that its owner alone can read and write.
	 * @param file the file to be created
	 * @return the attributes, none where the file system doesn't know them
	 */
	public static FileAttribute<?>[] ownerOnlyFile(Path file) {
		return attributes(file, "rw-------");
	}

	/**
	 * Attributes with which to create a folder that its owner alone can enter.
	 * @param directory the folder to be created
	 * @return the attributes, none where the file system doesn't know them
	 */
	public static FileAttribute<?>[] ownerOnlyDirectory(Path directory) {
		return attributes(directory, "rwx------");
	}

	private static FileAttribute<?>[] attributes(Path path, String permissions) {
		if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			return NONE;
		}
		return new FileAttribute<?>[] {
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)) };
	}

}
