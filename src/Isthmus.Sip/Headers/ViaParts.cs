// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
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
    private ushort _port;
    private Marks _marks;

    [Flags]
    private enum Marks : byte
    {
        HasPort = 1,
        IsFollowed = 2,
        HasBareBranch = 4,
        HasMaddr = 8,
    }

    /// <summary>Whether a comma and perhaps another value stand behind this one.</summary>
    public readonly bool IsFollowed => (_marks & Marks.IsFollowed) != 0;

    /// <summary>Whether a branch stands there without a value: such a Via is none of a request's sender.</summary>
    public readonly bool HasBareBranch => (_marks & Marks.HasBareBranch) != 0;

    public readonly bool HasMaddr => (_marks & Marks.HasMaddr) != 0;

    public readonly int? Port => (_marks & Marks.HasPort) != 0 ? _port : null;

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
        if (parts.TransportStart == 0 || parts.TransportEnd == parts.TransportStart || at == parts.TransportEnd)
        {
            return false;
        }

        parts.HostEnd = at = HostText.Scan(text, at);
        at = Scan.OverWhite(text, at);
        if (Scan.Is(text, at, ':'))
        {
            at = Numbers.Scan(text, Scan.OverWhite(text, at + 1), ushort.MaxValue, out uint port);
            (parts._port, parts._marks) = ((ushort)port, Marks.HasPort);
            at = Scan.OverWhite(text, at);
        }

        parts.ParametersStart = at;
        return at >= 0 && parts.ScanParameters(text);
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
        int at = OverUsualParameters(text, out int count);
        var walk = new ParameterWalk(text, at);
        while (!walk.IsWhole && walk.MoveNext())
        {
            if (++count > SipParameters.Most)
            {
                return false;
            }

            switch (walk.Name.Length)
            {
                case 6 when walk.IsNamed("branch"u8):
                    _marks |= walk.Place.HasValue ? 0 : Marks.HasBareBranch;
                    Branch = Branch.IsThere ? Branch : walk.Place;
                    break;
                case 8 when walk.IsNamed("received"u8):
                    Received = Received.IsThere ? Received : walk.Place;
                    break;
                case 5 when walk.IsNamed("rport"u8):
                    Rport = Rport.IsThere ? Rport : walk.Place;
                    break;
                case 5 when walk.IsNamed("maddr"u8):
                    _marks |= Marks.HasMaddr;
                    break;
            }
        }

        End = Scan.BeforeWhite(text[..walk.End], HostEnd);
        _marks |= walk.IsWhole ? 0 : Marks.IsFollowed;
        return walk.IsWhole || text[walk.End] == ',';
    }

    // Over those that nearly every Via has and as nearly everybody writes them, each once: mostly all that there are.
    private int OverUsualParameters(ReadOnlySpan<byte> text, out int count)
    {
        int at = ParametersStart;
        count = 0;
        while (TryTake(text, ";branch="u8, ref at, ref Branch) || TryTake(text, ";rport="u8, ref at, ref Rport) || TryTakeBareRport(text, ref at) || TryTake(text, ";received="u8, ref at, ref Received))
        {
            count++;
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // then the beginning is one number to compare
    private static bool TryTake(ReadOnlySpan<byte> text, ReadOnlySpan<byte> beginning, ref int at, ref ParameterPlace place)
    {
        if (place.IsThere || !text[at..].StartsWith(beginning))
        {
            return false;
        }

        int start = at + beginning.Length;
        int end = Scan.Over(text, start, Characters.ParameterValue);
        if (end == start)
        {
            return false;
        }

        place = new() { NameEnd = start - 1, ValueStart = start, ValueEnd = end };
        at = end;
        return true;
    }

    private bool TryTakeBareRport(ReadOnlySpan<byte> text, ref int at)
    {
        int end = at + ";rport".Length;
        if (Rport.IsThere || !text[at..].StartsWith(";rport"u8) || (end < text.Length && text[end] != ';'))
        {
            return false;
        }

        Rport = new() { NameEnd = end };
        at = end;
        return true;
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
