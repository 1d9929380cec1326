// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>The classes of RFC 3261 §25.1 that an octet belongs to. The percent sign of escapes is in none of those that know escapes.</summary>
[Flags]
internal enum OctetKinds : byte
{
    None = 0,

    /// <summary>token</summary>
    Token = 1,

    /// <summary>user, without escapes</summary>
    User = 2,

    /// <summary>password, without escapes</summary>
    Password = 4,

    /// <summary>paramchar, without escapes</summary>
    UriParameter = 8,

    /// <summary>hname and hvalue with &amp; and =, without escapes</summary>
    UriHeader = 16,

    /// <summary>letters, digits, hyphen, dot and underscore of a host</summary>
    HostName = 32,

    /// <summary>LWS: space, tab, CR and LF</summary>
    White = 64,

    /// <summary>a digit of a hexadecimal number</summary>
    Hex = 128,
}
