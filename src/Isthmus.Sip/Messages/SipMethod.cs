// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>A request method. Methods are compared with regard to case (RFC 3261 §7.1); the known ones by a number.</summary>
public readonly struct SipMethod : IEquatable<SipMethod>
{
    private static readonly string[] Names =
        ["", "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "PRACK", "UPDATE", "MESSAGE", "SUBSCRIBE", "NOTIFY", "PUBLISH", "INFO", "REFER"];

    private static readonly byte[][] NamesInBytes = [.. Names.Select(System.Text.Encoding.ASCII.GetBytes)];

    private readonly byte _known;
    private readonly string? _other;

    /// <summary>The method of that name.</summary>
    public SipMethod(string name)
    {
        int known = Array.IndexOf(Names, name, 1);
        _known = (byte)Math.Max(known, 0);
        _other = known > 0 ? null : name;
    }

    private SipMethod(byte known) => _known = known;

    /// <summary>INVITE (RFC 3261 §13).</summary>
    public static SipMethod Invite => new(1);

    /// <summary>ACK (RFC 3261 §13).</summary>
    public static SipMethod Ack => new(2);

    /// <summary>BYE (RFC 3261 §15).</summary>
    public static SipMethod Bye => new(3);

    /// <summary>CANCEL (RFC 3261 §9).</summary>
    public static SipMethod Cancel => new(4);

    /// <summary>OPTIONS (RFC 3261 §11).</summary>
    public static SipMethod Options => new(5);

    /// <summary>REGISTER (RFC 3261 §10).</summary>
    public static SipMethod Register => new(6);

    /// <summary>PRACK (RFC 3262).</summary>
    public static SipMethod Prack => new(7);

    /// <summary>UPDATE (RFC 3311).</summary>
    public static SipMethod Update => new(8);

    /// <summary>MESSAGE (RFC 3428).</summary>
    public static SipMethod Message => new(9);

    /// <summary>SUBSCRIBE (RFC 6665).</summary>
    public static SipMethod Subscribe => new(10);

    /// <summary>NOTIFY (RFC 6665).</summary>
    public static SipMethod Notify => new(11);

    /// <summary>PUBLISH (RFC 3903).</summary>
    public static SipMethod Publish => new(12);

    /// <summary>INFO (RFC 6086).</summary>
    public static SipMethod Info => new(13);

    /// <summary>REFER (RFC 3515).</summary>
    public static SipMethod Refer => new(14);

    /// <summary>The name as it is written.</summary>
    public string Name => _other ?? Names[_known];

    /// <summary>Whether this is one of the methods named here.</summary>
    public bool IsKnown => _known != 0;

    /// <summary>Whether a request of this method can create a dialog (RFC 3261 §12, RFC 6665, RFC 3515).</summary>
    public bool CreatesDialog => this == Invite || this == Subscribe || this == Refer;

    /// <summary>The method that the bytes name, if they are a token; a known one is found without making a string.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> name, out SipMethod method)
    {
        method = new(name.Length switch
        {
            3 => name.SequenceEqual("ACK"u8) ? (byte)2 : name.SequenceEqual("BYE"u8) ? (byte)3 : (byte)0,
            4 => name.SequenceEqual("INFO"u8) ? (byte)13 : (byte)0,
            5 => name.SequenceEqual("PRACK"u8) ? (byte)7 : name.SequenceEqual("REFER"u8) ? (byte)14 : (byte)0,
            6 => name.SequenceEqual("INVITE"u8) ? (byte)1 : name.SequenceEqual("CANCEL"u8) ? (byte)4 : name.SequenceEqual("UPDATE"u8) ? (byte)8 : name.SequenceEqual("NOTIFY"u8) ? (byte)11 : (byte)0,
            7 => name.SequenceEqual("OPTIONS"u8) ? (byte)5 : name.SequenceEqual("MESSAGE"u8) ? (byte)9 : name.SequenceEqual("PUBLISH"u8) ? (byte)12 : (byte)0,
            8 => name.SequenceEqual("REGISTER"u8) ? (byte)6 : (byte)0,
            9 => name.SequenceEqual("SUBSCRIBE"u8) ? (byte)10 : (byte)0,
            _ => (byte)0,
        });
        if (method.IsKnown)
        {
            return true;
        }

        bool isToken = Characters.IsToken(name);
        method = isToken ? new(Characters.Text(name)) : default;
        return isToken;
    }

    /// <summary>Whether the bytes name this method.</summary>
    internal bool Is(ReadOnlySpan<byte> name) => IsKnown ? name.SequenceEqual(NamesInBytes[_known]) : Characters.Text(name) == _other;

    /// <inheritdoc/>
    public bool Equals(SipMethod other) => _known == other._known && _other == other._other;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SipMethod other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _other?.GetHashCode(StringComparison.Ordinal) ?? _known;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Whether both are the same method.</summary>
    public static bool operator ==(SipMethod left, SipMethod right) => left.Equals(right);

    /// <summary>Whether they are different methods.</summary>
    public static bool operator !=(SipMethod left, SipMethod right) => !left.Equals(right);
}
