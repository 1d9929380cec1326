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

    /// <summary>The first of each.</summary>
    public ParameterPlace Branch;
    public ParameterPlace Received;
    public ParameterPlace Rport;
    private int _port;

    /// <summary>Whether a comma and perhaps another value stand behind this one.</summary>
    public bool IsFollowed { get; private set; }

    public readonly int? Port => _port >= 0 ? _port : null;

    /// <summary>Whether a branch stands there without a value: such a Via is none of a request's sender.</summary>
    public bool HasBareBranch { get; private set; }

    /// <summary>Reads a value without white space around it in one pass.</summary>
    public static bool TryScan(ReadOnlySpan<byte> text, out ViaParts parts) => TryScanFirst(text, out parts) && parts.End == text.Length;

    /// <summary>Reads the first value of a comma list in one pass.</summary>
    public static bool TryScanFirst(ReadOnlySpan<byte> text, out ViaParts parts)
    {
        parts = default;
        int at = OverProtocol(text);
        parts.TransportStart = at;
        parts.TransportEnd = Scan.Over(text, at, Characters.Token);
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
        return parts.ScanParameters(text);
    }

    /// <summary>Octets were put in or taken out in front of what stands behind that place.</summary>
    public void Moved(int behind, int octets)
    {
        End += octets;
        Branch.Moved(behind, octets);
        Received.Moved(behind, octets);
        Rport.Moved(behind, octets);
    }

    private bool ScanParameters(ReadOnlySpan<byte> text)
    {
        var walk = new ParameterWalk(text, ParametersStart);
        for (int count = 1; walk.MoveNext(); count++)
        {
            if (count > SipParameters.Most)
            {
                return false;
            }

            switch (walk.Name.Length)
            {
                case 6 when walk.IsNamed("branch"u8):
                    HasBareBranch |= !walk.Place.HasValue;
                    Branch = Branch.IsThere ? Branch : walk.Place;
                    break;
                case 8 when walk.IsNamed("received"u8):
                    Received = Received.IsThere ? Received : walk.Place;
                    break;
                case 5 when walk.IsNamed("rport"u8):
                    Rport = Rport.IsThere ? Rport : walk.Place;
                    break;
            }
        }

        IsFollowed = !walk.IsWhole;
        End = Scan.BeforeWhite(text[..walk.End], HostEnd);
        return !IsFollowed || text[walk.End] == ',';
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
