// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Media;

/// <summary>
/// Symmetric RTP (RFC 4961): media goes back to where media really comes from, which behind a translator is not what SDP
/// says. Only a source of the same IP version with two packets in sequence is believed, only before the stream is
/// established, and the address that SDP named always wins.
/// </summary>
internal sealed class RemoteLatch(IPEndPoint rtp, IPEndPoint rtcp)
{
    private readonly IPEndPoint _signalledRtp = rtp;
    private readonly IPEndPoint _signalledRtcp = rtcp;
    private IPEndPoint? _rtp;
    private IPEndPoint? _rtcp;
    private IPEndPoint? _candidate;
    private ushort _candidateSequence;
    private uint _candidateSsrc;

    /// <summary>Where RTP goes.</summary>
    public IPEndPoint Rtp => _rtp ?? _signalledRtp;

    /// <summary>Where RTCP goes.</summary>
    public IPEndPoint Rtcp { get; private set; } = rtcp;

    public bool IsSignalled(IPEndPoint signalledRtp, IPEndPoint signalledRtcp) => _signalledRtp.Equals(signalledRtp) && _signalledRtcp.Equals(signalledRtcp);

    /// <summary>Whether an RTP packet of a payload type that was agreed on is this call's.</summary>
    public bool AcceptsRtp(IPEndPoint from, ushort sequence, uint ssrc)
    {
        if (from.Equals(_rtp))
            return true;
        if (from.Equals(_signalledRtp))
        {
            Establish(_signalledRtp);
            return true;
        }

        if (_rtp is not null || from.AddressFamily != _signalledRtp.AddressFamily || !_signalledRtp.IsReachable)
            return false;

        if (from.Equals(_candidate) && ssrc == _candidateSsrc && sequence == (ushort)(_candidateSequence + 1))
        {
            Establish(_candidate);
            return true;
        }

        _candidate = from;
        _candidateSequence = sequence;
        _candidateSsrc = ssrc;
        return false;
    }

    /// <summary>Whether a valid RTCP compound is this call's: from where SDP said, or from the host that RTP comes from.</summary>
    public bool AcceptsRtcp(IPEndPoint from)
    {
        if (from.Equals(_rtcp))
            return true;
        if (!from.Equals(_signalledRtcp) && (_rtcp is not null || _rtp is null || !from.Address.Equals(_rtp.Address)))
            return false;
        _rtcp = from;
        Rtcp = from;
        return true;
    }

    private void Establish(IPEndPoint source)
    {
        _rtp = source;
        if (_rtcp is null)
            Rtcp = source.Equals(_signalledRtp) ? _signalledRtcp : new IPEndPoint(source.Address, Math.Min(source.Port + 1, IPEndPoint.MaxPort));
    }
}
