package io.github.tralign.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.tralign.data.source.TextValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.JulianFields;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Converts the values of a column to JSON. Strings, numbers and booleans stay the same, a column of
 * type JSON is parsed, and dates, times and UUIDs become strings. Other values become binary nodes,
 * which no data form reads.
 */
record ColumnValue(Function<Binary, JsonNode> ofBytes, LongFunction<JsonNode> ofWhole) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int HALF_BYTES = 2;
  private static final int UUID_BYTES = 16;
  private static final long NANOS_A_SECOND = 1_000_000_000;

  static ColumnValue of(PrimitiveType column) {
    return new ColumnValue(bytes(column), whole(column));
  }

  private static Function<Binary, JsonNode> bytes(PrimitiveType column) {
    LogicalTypeAnnotation meaning = column.getLogicalTypeAnnotation();
    int length = column.getTypeLength(); // 0 if not fixed
    if (column.getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
      return bytes -> JSON.textNode(oldTimestamp(bytes.toByteBuffer()).toString());
    } else if (meaning instanceof StringLogicalTypeAnnotation
        || meaning instanceof EnumLogicalTypeAnnotation) {
      return bytes -> TextValues.utf8(bytes.toByteBuffer());
    } else if (meaning instanceof JsonLogicalTypeAnnotation) {
      return bytes -> TextValues.json(bytes.toByteBuffer());
    } else if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
      return bytes -> decimal(new BigInteger(bytes.getBytes()), decimal);
    } else if (meaning instanceof Float16LogicalTypeAnnotation && length == HALF_BYTES) {
      return bytes -> JSON.numberNode(half(bytes.toByteBuffer()));
    } else if (meaning instanceof UUIDLogicalTypeAnnotation && length == UUID_BYTES) {
      return bytes -> JSON.textNode(uuid(bytes.toByteBuffer()).toString());
    }
    return bytes -> JSON.binaryNode(bytes.getBytes());
  }

  private static LongFunction<JsonNode> whole(PrimitiveType column) {
    LogicalTypeAnnotation meaning = column.getLogicalTypeAnnotation();
    if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
      return value -> decimal(BigInteger.valueOf(value), decimal);
    } else if (meaning instanceof DateLogicalTypeAnnotation) {
      return value -> JSON.textNode(LocalDate.ofEpochDay(value).toString());
    } else if (meaning instanceof TimeLogicalTypeAnnotation time) {
      return value -> time(value, time.getUnit());
    } else if (meaning instanceof TimestampLogicalTypeAnnotation time) {
      return value -> JSON.textNode(timestamp(value, time));
    } else if (meaning instanceof IntLogicalTypeAnnotation type && !type.isSigned()) {
      return type.getBitWidth() == Long.SIZE
          ? value -> JSON.numberNode(new BigInteger(Long.toUnsignedString(value)))
          : value -> JSON.numberNode(value & 0xFFFF_FFFFL);
    }
    return JSON::numberNode;
  }

  private static JsonNode decimal(BigInteger unscaled, DecimalLogicalTypeAnnotation type) {
    return JSON.numberNode(new BigDecimal(unscaled, type.getScale()));
  }

  private static double half(ByteBuffer bytes) {
    int bits = bytes.slice().order(ByteOrder.LITTLE_ENDIAN).getShort();
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    double size =
        exponent == 0x1F
            ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
            : exponent == 0
                ? Math.scalb((double) fraction, -24)
                : Math.scalb((double) (fraction + 0x400), exponent - 25);
    return bits < 0 ? -size : size;
  }

  private static UUID uuid(ByteBuffer bytes) {
    ByteBuffer big = bytes.slice();
    return new UUID(big.getLong(), big.getLong());
  }

  /** An INT96 timestamp: nanoseconds of the day, then the Julian day; without time zone. */
  private static LocalDateTime oldTimestamp(ByteBuffer bytes) {
    ByteBuffer little = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = little.getLong();
    LocalDate day = LocalDate.EPOCH.with(JulianFields.JULIAN_DAY, little.getInt());
    return day.atStartOfDay().plusNanos(nanos);
  }

  /** A time of day as a string; an invalid one stays a number. */
  private static JsonNode time(long value, TimeUnit unit) {
    long units = inASecond(unit);
    return value < 0 || value >= units * 24 * 60 * 60
        ? JSON.numberNode(value)
        : JSON.textNode(LocalTime.ofNanoOfDay(value * (NANOS_A_SECOND / units)).toString());
  }

  private static String timestamp(long value, TimestampLogicalTypeAnnotation type) {
    long units = inASecond(type.getUnit());
    Instant instant =
        Instant.ofEpochSecond(
            Math.floorDiv(value, units), Math.floorMod(value, units) * (NANOS_A_SECOND / units));
    return type.isAdjustedToUTC()
        ? instant.toString()
        : LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
  }

  private static long inASecond(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1_000;
      case MICROS -> 1_000_000;
      case NANOS -> NANOS_A_SECOND;
    };
  }
}
