// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sdp;

/// <summary>Why an offer cannot be answered, or an answer not be used.</summary>
public enum OfferAnswerFault
{
    /// <summary>It can.</summary>
    None,

    /// <summary>The offer has no live audio line over <c>RTP/AVP</c>.</summary>
    NoAudio,

    /// <summary>No audio line has a codec that both sides have.</summary>
    NoCommonCodec,

    /// <summary>The local address is of another IP version than the offer.</summary>
    VersionDiffers,

    /// <summary>The audio line does not say where on the Internet it is received.</summary>
    NoConnection,

    /// <summary>The answer has not as many media lines as the offer (RFC 3264 §6).</summary>
    MediaCountDiffers,

    /// <summary>A media line of the answer is of another kind or protocol than the offer's.</summary>
    MediaKindDiffers,

    /// <summary>The answer rejects the audio line.</summary>
    AudioRejected,
}
