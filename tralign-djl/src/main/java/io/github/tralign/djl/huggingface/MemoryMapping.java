package io.github.tralign.djl.huggingface;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * Maps a part of a file for reading, with the best mechanism of this virtual machine.
 *
 * <p>From Java 22 on, closing an arena unmaps its memory. Java 17, the compile target, only has
 * {@code Unsafe.invokeCleaner}, which newer versions warn about. Both are looked up at run time;
 * without either, the garbage collector unmaps.
 */
@FunctionalInterface
interface MemoryMapping {

  MappedRegion map(FileChannel channel, long position, long length) throws IOException;

  /** The best mechanism available. */
  static MemoryMapping best() {
    try {
      return Runtime.version().feature() >= 22 ? byArena() : byCleaner();
    } catch (ReflectiveOperationException | RuntimeException e) {
      return (channel, position, length) ->
          new MappedRegion(channel.map(MapMode.READ_ONLY, position, length), () -> {});
    }
  }

  private static MemoryMapping byArena() throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    Class<?> arenaType = Class.forName("java.lang.foreign.Arena");
    Class<?> segmentType = Class.forName("java.lang.foreign.MemorySegment");
    MethodHandle open =
        lookup.findStatic(arenaType, "ofConfined", MethodType.methodType(arenaType));
    MethodHandle map =
        lookup.findVirtual(
            FileChannel.class,
            "map",
            MethodType.methodType(segmentType, MapMode.class, long.class, long.class, arenaType));
    MethodHandle asByteBuffer =
        lookup.findVirtual(segmentType, "asByteBuffer", MethodType.methodType(ByteBuffer.class));
    return (channel, position, length) -> {
      AutoCloseable arena = (AutoCloseable) call(open);
      try {
        Object segment = call(map, channel, MapMode.READ_ONLY, position, length, arena);
        return new MappedRegion((ByteBuffer) call(asByteBuffer, segment), () -> close(arena));
      } catch (IOException | RuntimeException e) {
        close(arena);
        throw e;
      }
    };
  }

  private static MemoryMapping byCleaner() throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Unsafe");
    Field instance = type.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    MethodHandle clean =
        MethodHandles.publicLookup()
            .findVirtual(type, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
            .bindTo(instance.get(null));
    return (channel, position, length) -> {
      ByteBuffer bytes = channel.map(MapMode.READ_ONLY, position, length);
      return new MappedRegion(
          bytes,
          () -> {
            try {
              call(clean, bytes);
            } catch (IOException e) {
              throw new IllegalStateException("cannot unmap a file", e);
            }
          });
    };
  }

  private static void close(AutoCloseable arena) {
    try {
      arena.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot unmap a file", e);
    }
  }

  /** Calls a method whose only checked exception is {@link IOException}. */
  private static Object call(MethodHandle method, Object... arguments) throws IOException {
    try {
      return method.invokeWithArguments(arguments);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot map a file", e);
    }
  }
}
