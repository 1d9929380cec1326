// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>Where the parts of a Via value (RFC 3261 §20.42) stand in it.</summary>
internal struct ViaParts
{
    public int TransportStart;
    public int TransportEnd;
    public int HostStart;
    public int HostEnd;
    public int ParametersStart;
    public int End;
    private int _port;
    private int _branchStart;
    private int _branchEnd;

    public readonly int? Port => _port >= 0 ? _port : null;

    /// <summary>The first branch, without quotes.</summary>
    public readonly Range Branch => _branchStart.._branchEnd;

    /// <summary>Behind the first branch; 0 where there is none.</summary>
    public readonly int BranchEnd => _branchEnd;

    /// <summary>Whether a branch stands there without a value: such a Via is none of a request's sender.</summary>
    public bool HasBareBranch { get; private set; }

    /// <summary>Reads a value without white space around it in one pass.</summary>
    public static bool TryScan(ReadOnlySpan<byte> text, out ViaParts parts)
    {
        parts = default;
        int at = OverProtocol(text);
        parts.TransportStart = at;
        parts.TransportEnd = Scan.Over(text, at, OctetKinds.Token);
        parts.HostStart = at = Scan.OverWhite(text, parts.TransportEnd);
        if (parts.TransportStart == 0 || parts.TransportEnd == parts.TransportStart || at == parts.TransportEnd || !Host.TryScan(text, at, out at))
        {
            return false;
        }

        parts.HostEnd = at;
        parts._port = -1;
        at = Scan.OverWhite(text, at);
        if (at < text.Length && text[at] == ':')
        {
            at = Numbers.Scan(text, Scan.OverWhite(text, at + 1), 65535, out uint port);
            if (at < 0)
            {
                return false;
            }

            parts._port = (int)port;
            at = Scan.OverWhite(text, at);
        }

        parts.ParametersStart = at;
        parts.End = text.Length;
        return parts.ScanParameters(text[at..], at);
    }

    private bool ScanParameters(ReadOnlySpan<byte> parameters, int offset)
    {
        var walk = new ParameterWalk(parameters);
        for (int count = 1; walk.MoveNext(); count++)
        {
            if (count > SipParameters.Most)
            {
                return false;
            }

            if (!walk.IsNamed("branch"u8))
            {
                continue;
            }

            if (!walk.HasValue)
            {
                HasBareBranch = true;
            }
            else if (_branchEnd == 0 && !HasBareBranch)
            {
                bool isQuoted = parameters[walk.ValueStart] == '"';
                _branchStart = offset + walk.ValueStart + (isQuoted ? 1 : 0);
                _branchEnd = offset + walk.ValueEnd - (isQuoted ? 1 : 0);
            }
        }

        return walk.IsWhole;
    }

    // "SIP/2.0/", where white space may stand on either side of the slashes; 0 where something else does.
    private static int OverProtocol(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("SIP/2.0/"u8))
        {
            return Scan.OverWhite(text, "SIP/2.0/".Length);
        }

        if (text.Length < 3 || !Ascii.EqualsIgnoreCase(text[..3], "SIP"u8))
        {
            return 0;
        }

        int at = OverSlash(text, 3);
        return at > 0 && text[at..].StartsWith("2.0"u8) ? OverSlash(text, at + 3) : 0;
    }

    private static int OverSlash(ReadOnlySpan<byte> text, int at)
    {
        at = Scan.OverWhite(text, at);
        return at < text.Length && text[at] == '/' ? Scan.OverWhite(text, at + 1) : 0;
    }
}
