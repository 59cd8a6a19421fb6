package io.github.tralign;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives null for each argument of each public method in turn: it must be rejected at the call, with
 * the argument's name. All other arguments are samples.
 *
 * <p>Constructors and static methods of all types are tried, and the methods of those types of
 * which there is a sample, as far as they give an object of the API or nothing.
 */
public final class NullContract {

  private final Map<Class<?>, Object> samples = new HashMap<>();

  /** With samples of the types of the JDK. */
  public NullContract() {
    sample(int.class, 1).sample(long.class, 1L).sample(double.class, 0.5).sample(float.class, 1f);
    sample(boolean.class, true)
        .sample(String.class, "sample")
        .sample(Path.class, Path.of("sample"));
    sample(Object.class, "sample").sample(List.class, List.of()).sample(Iterable.class, List.of());
    sample(Map.class, Map.of()).sample(Set.class, Set.of());
    sample(Optional.class, Optional.empty()).sample(OptionalDouble.class, OptionalDouble.empty());
    sample(OptionalInt.class, OptionalInt.empty()).sample(OptionalLong.class, OptionalLong.empty());
  }

  /** A sample, for arguments of the type and to call its methods. */
  public NullContract sample(Class<?> type, Object sample) {
    samples.put(type, sample);
    return this;
  }

  /** What breaks the contract, a line each. */
  public List<String> violations(List<Class<?>> types) throws ReflectiveOperationException {
    List<String> violations = new ArrayList<>();
    for (Class<?> type : types) {
      if (Throwable.class.isAssignableFrom(type) || type.isEnum()) {
        continue;
      }
      Stream<Executable> all =
          Stream.concat(
              Arrays.stream(type.getDeclaredConstructors()),
              Arrays.stream(type.getDeclaredMethods()).filter(it -> isSetting(it, types)));
      for (Executable each : all.filter(this::isTried).toList()) {
        tryEachParameter(each, violations);
      }
    }
    return violations.stream().sorted().toList();
  }

  /** A factory, or what gives or changes an object of the API. */
  private static boolean isSetting(Method method, List<Class<?>> types) {
    Class<?> result = method.getReturnType();
    return Modifier.isStatic(method.getModifiers())
        || result == void.class
        || types.contains(result);
  }

  private boolean isTried(Executable each) {
    boolean callable =
        each instanceof Constructor
            || Modifier.isStatic(each.getModifiers())
            || samples.containsKey(each.getDeclaringClass());
    return callable
        && Modifier.isPublic(each.getModifiers())
        && !each.isSynthetic()
        && !each.getName().equals("equals");
  }

  private void tryEachParameter(Executable each, List<String> violations)
      throws ReflectiveOperationException {
    Parameter[] parameters = each.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      boolean takesNull =
          parameters[i].getType().isPrimitive()
              || parameters[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (!takesNull) {
        String call = each.toGenericString().replaceAll("\\w+\\.(?=\\w)", "") + ": ";
        outcome(each, i).ifPresent(it -> violations.add(call + it));
      }
    }
  }

  /** What is wrong where one argument is null. */
  private Optional<String> outcome(Executable each, int missing)
      throws ReflectiveOperationException {
    Parameter[] parameters = each.getParameters();
    @Nullable Object[] arguments = new Object[parameters.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = i == missing ? null : sampleOf(parameters[i].getType());
    }
    String name = parameters[missing].getName();
    try {
      if (each instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        ((Method) each).invoke(samples.get(each.getDeclaringClass()), arguments);
      }
      return Optional.of(name + " may be null");
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      boolean named = cause instanceof NullPointerException && mentions(cause, name);
      return named ? Optional.empty() : Optional.of(name + ": " + cause);
    }
  }

  /** As in requireNonNull(x, "x"), or in the JVM's own message where x is used at once. */
  private static boolean mentions(Throwable cause, String name) {
    String message = String.valueOf(cause.getMessage());
    return message.equals(name) || message.endsWith("because \"" + name + "\" is null");
  }

  private Object sampleOf(Class<?> type) throws ReflectiveOperationException {
    if (samples.containsKey(type)) {
      return samples.get(type);
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    if (type.isArray()) {
      return java.lang.reflect.Array.newInstance(type.getComponentType(), 0);
    }
    if (type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> null);
    }
    throw new IllegalStateException("the contract needs a sample of " + type.getName());
  }
}
