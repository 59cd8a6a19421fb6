package io.github.tralign.file;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file system did not do what was asked, in words that a person can act on. */
public final class Reason {

  private Reason() {}

  /**
   * The words for a failure. Java names some kinds by their class only; the file is left out where
   * the system gives a reason, since a message begins with it anyway.
   */
  public static String of(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file or folder";
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
      return "it is no UTF-8";
    }
    if (e instanceof FileSystemException of && of.getReason() != null) {
      return of.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
