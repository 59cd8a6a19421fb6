package io.github.tralign.file;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Explains failures of the file system to the user. */
public final class Reason {

  private Reason() {}

  /**
   * The reason of a failure. Java's messages do not describe some failures except by their class.
   * The file is omitted if the system gives a reason, since our messages begin with it.
   */
  public static String of(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + " is in the way";
    }
    if (e instanceof NotDirectoryException file) {
      return file.getFile() + " is not a folder";
    }
    if (e instanceof DirectoryNotEmptyException folder) {
      return folder.getFile() + " is not empty";
    }
    if (e instanceof CharacterCodingException) {
      return "it is not valid UTF-8";
    }
    if (e instanceof FileSystemException of && of.getReason() != null) {
      return of.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
