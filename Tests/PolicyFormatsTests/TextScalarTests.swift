// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyFormats
import Testing

/// Plain scalars as YAML 1.1 types them (yaml.org/type), which is what Kubernetes reads.
@Suite struct TextScalarTests {
    @Test(
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("NULL", .null), ("nUll", .string("nUll")),
            ("y", .bool(true)), ("On", .bool(true)), ("false", .bool(false)), ("OFF", .bool(false)),
            ("falsey", .string("falsey")), ("yes!", .string("yes!")),
            ("0", .integer(0)), ("80", .integer(80)), ("-5", .integer(-5)), ("+5", .integer(5)),
            ("1_000", .integer(1000)),
            ("017", .integer(15)), ("0o17", .integer(15)), ("0x1F", .integer(31)), ("0b11", .integer(3)),
            ("-0x10", .integer(-16)), ("1234567890", .integer(1_234_567_890)),
            ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number("9223372036854775808")),
            ("08", .number("08")), ("1.5", .number("1.5")), ("1e3", .number("1e3")), ("-.inf", .number("-.inf")),
            (".5", .number(".5")), ("1e", .string("1e")), ("-", .string("-")), (".", .string(".")),
            ("0x", .string("0x")),
            ("1.2.3", .string("1.2.3")), ("10.0.0.0/8", .string("10.0.0.0/8")), ("2001-01-01", .string("2001-01-01")),
            ("80a", .string("80a")), ("_1", .string("_1")),
        ] as [(String, TextScalar.Value)]
    )
    func `a plain scalar has the type that its text says`(text: String, value: TextScalar.Value) {
        let scalar = TextScalar(plain: text)
        #expect(scalar.value == value)
        #expect(scalar.isNull == (value == .null))
        #expect(scalar.isString == (value == .string(text)))
        // In quotes it is a string, whatever it says.
        #expect(TextScalar(string: text).value == .string(text))
    }

    @Test func `a tag decides where it fits the text`() {
        #expect(TextScalar("80", tag: "tag:yaml.org,2002:str")?.value == .string("80"))
        #expect(TextScalar("80", tag: "tag:yaml.org,2002:int")?.value == .integer(80))
        #expect(TextScalar("no", tag: "tag:yaml.org,2002:bool")?.value == .bool(false))
        #expect(TextScalar("yes", tag: "tag:yaml.org,2002:bool")?.value == .bool(true))
        #expect(TextScalar("80", tag: "tag:yaml.org,2002:bool") == nil)
        #expect(TextScalar("web", tag: "tag:yaml.org,2002:int") == nil)
        #expect(TextScalar("web", tag: "!secret") == nil)
    }
}
