package io.github.tralign;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The API: the public types of the packages that a module exports to all. */
public final class PublicTypes {

  private PublicTypes() {}

  /** Those of the module that a class is of. */
  public static List<Class<?>> ofModuleOf(Class<?> sample) throws IOException {
    Path root = location(sample);
    List<Class<?>> types = new ArrayList<>();
    for (String name : exported(root)) {
      try (Stream<Path> files = Files.list(root.resolve(name.replace('.', '/')))) {
        files
            .map(it -> it.getFileName().toString())
            .filter(it -> it.endsWith(".class") && !it.startsWith("package-info"))
            .map(it -> load(name + "." + it.replaceFirst("\\.class$", "")))
            .filter(PublicTypes::isPublic)
            .forEach(types::add);
      }
    }
    return types;
  }

  /** The folder or jar that a class is in. */
  static Path location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> exported(Path root) throws IOException {
    try (var descriptor = Files.newInputStream(root.resolve("module-info.class"))) {
      return ModuleDescriptor.read(descriptor).exports().stream()
          .filter(it -> !it.isQualified())
          .map(ModuleDescriptor.Exports::source)
          .sorted()
          .toList();
    }
  }

  private static boolean isPublic(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, PublicTypes.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
