// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sdp;
using Isthmus.Sip;

namespace Isthmus.Fuzz.Targets;

/// <summary>The reader of session descriptions and of their versions, over the input and over what stands behind its first empty line.</summary>
internal sealed class SessionTarget : ITarget
{
    private static readonly SessionReaders All = SessionReaders.Altc | SessionReaders.Anat | SessionReaders.Ice;

    public string Name => "session";

    public bool Read(ReadOnlySpan<byte> input)
    {
        int body = input.IndexOf("\r\n\r\n"u8);
        return Session(input) | (body >= 0 && Session(input[(body + 4)..]));
    }

    private static bool Session(ReadOnlySpan<byte> body)
    {
        IpVersions? versions = SessionVersions.Of(body, All);
        if (!SessionDescription.TryParse(body, out SessionDescription? session, out SdpFault? fault))
        {
            Property.Holds(fault is not null && versions is null && fault.ToString().Length > 0, "what cannot be read has a fault and no version");
            return false;
        }

        Property.Same(versions, SessionVersions.Of(session, All), "versions of the same session");
        _ = (session.UsesIce, SessionVersions.Of(session), session.GetHashCode());
        byte[] written = session.ToBytes();
        Property.Holds(SessionDescription.TryParse(written, out SessionDescription? read, out fault), $"a session that is printed can be read: {fault}");
        Property.Holds(read!.Equals(session) && read.ToString() == session.ToString(), "a session that is printed is read as the same");
        return true;
    }
}
