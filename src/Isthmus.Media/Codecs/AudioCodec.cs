// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Media;

/// <summary>A voice codec.</summary>
public enum AudioCodec
{
    /// <summary>G.711 µ-law.</summary>
    Pcmu,

    /// <summary>G.711 A-law.</summary>
    Pcma,
}

/// <summary>What SDP says of a codec (RFC 3551 §6).</summary>
public static class AudioCodecs
{
    extension(AudioCodec codec)
    {
        /// <summary>The name in <c>a=rtpmap</c>.</summary>
        public string EncodingName => codec == AudioCodec.Pcmu ? "PCMU" : "PCMA";

        /// <summary>0 for PCMU, 8 for PCMA.</summary>
        public byte StaticPayloadType => codec == AudioCodec.Pcmu ? (byte)0 : (byte)8;
    }

    /// <summary>The codec of an <c>a=rtpmap</c> name, in any case.</summary>
    public static bool TryFind(string encodingName, out AudioCodec codec)
    {
        codec = string.Equals(encodingName, "PCMA", StringComparison.OrdinalIgnoreCase) ? AudioCodec.Pcma : AudioCodec.Pcmu;
        return codec == AudioCodec.Pcma || string.Equals(encodingName, "PCMU", StringComparison.OrdinalIgnoreCase);
    }
}
