// SPDX-License-Identifier: Apache-2.0

namespace Isthmus.Sip;

/// <summary>Where the parts of a SIP URI stand in its text: what routing reads before anything is made of it.</summary>
internal readonly record struct SipUriParts(bool IsSecure, Range User, Range Password, Range Host, int? Port, Range Parameters, Range Headers, bool HasUser, bool HasPassword)
{
    public static bool HasSipScheme(ReadOnlySpan<byte> text) => SchemeLength(text) > 0;

    /// <summary>Reads a sip or sips URI; false when the text is not one (RFC 3261 §19.1.1, RFC 5954).</summary>
    public static bool TryScan(ReadOnlySpan<byte> text, out SipUriParts parts)
    {
        parts = default;
        int scheme = SchemeLength(text);
        if (scheme == 0)
        {
            return false;
        }

        int at = text.IndexOf((byte)'@');
        int host = at < 0 ? scheme : at + 1;
        Range user = default, password = default;
        bool hasPassword = false;
        if (at >= 0)
        {
            var info = text[scheme..at];
            int colon = info.IndexOf((byte)':');
            hasPassword = colon >= 0;
            int userEnd = hasPassword ? scheme + colon : at;
            user = scheme..userEnd;
            password = (hasPassword ? userEnd + 1 : at)..at;
            if (userEnd == scheme || text[user].ContainsAnyExcept(Characters.User) || text[password].ContainsAnyExcept(Characters.Password) || !Characters.EscapesAreWhole(info))
            {
                return false;
            }
        }

        var rest = text[host..];
        int hostPortLength = rest.IndexOfAny((byte)';', (byte)'?');
        var hostPort = hostPortLength < 0 ? rest : rest[..hostPortLength];
        if (!HostPort.TrySplit(hostPort, out int hostLength, out int? port) || !Sip.Host.IsHost(hostPort[..hostLength]))
        {
            return false;
        }

        int parametersStart = host + hostPort.Length;
        var tail = text[parametersStart..];
        int question = tail.IndexOf((byte)'?');
        int parametersEnd = question < 0 ? text.Length : parametersStart + question;
        int headersStart = question < 0 ? text.Length : parametersEnd + 1;
        if (!UriParameters.IsWellFormed(text[parametersStart..parametersEnd]) || text[headersStart..].ContainsAnyExcept(Characters.UriHeader)
            || !Characters.EscapesAreWhole(text[headersStart..]) || (question >= 0 && headersStart == text.Length))
        {
            return false;
        }

        parts = new(text[3] is (byte)'s' or (byte)'S', user, password, host..(host + hostLength), port, parametersStart..parametersEnd, headersStart..text.Length, at >= 0, hasPassword);
        return true;
    }

    // "sip:" or "sips:" in any case, with something behind it.
    private static int SchemeLength(ReadOnlySpan<byte> text)
    {
        if (text.Length <= 4 || (text[0] | 0x20) != 's' || (text[1] | 0x20) != 'i' || (text[2] | 0x20) != 'p')
        {
            return 0;
        }

        return text[3] == ':' ? 4 : text.Length > 5 && (text[3] | 0x20) == 's' && text[4] == ':' ? 5 : 0;
    }
}
