// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Messages between simulated phones and the server. Used by one thread; nothing blocks.</summary>
internal interface IWire : IDisposable
{
    /// <summary>How many phones have an address of their own; phone <c>n</c> has that of <c>n % Phones</c>.</summary>
    int Phones { get; }

    /// <summary>The port of the phones, as messages name it.</summary>
    int Port { get; }

    /// <summary>Where the next message to the server is to be written.</summary>
    /// <param name="channel">The phone it is from, or the channel that a request came by.</param>
    Span<byte> Reserve(int channel);

    /// <summary>Queues what was written into the reserved place.</summary>
    void Commit(int length);

    /// <summary>Sends what is queued.</summary>
    void Flush();

    /// <summary>Hands on what has arrived, and says how many messages that were. Never waits.</summary>
    int Receive(IWireReceiver receiver);
}
