// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>How large a message may be. A message beyond a limit is answered 513 (header fields too large), 413 (body too large) or 400 (too many header fields) where it can be answered.</summary>
public sealed record ParserLimits
{
    /// <summary>The limits where nothing else is configured.</summary>
    public static ParserLimits Default { get; } = new();

    /// <summary>Octets of the start line and all header fields; 1 to 65535.</summary>
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Header fields; 1 to 4096.</summary>
    public int MaxHeaders { get; init; } = 256;

    /// <summary>Octets of the body.</summary>
    public int MaxBodyBytes { get; init; } = 256 * 1024;
}
