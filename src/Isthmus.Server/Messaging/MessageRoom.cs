// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>
/// The room that there is for messages, of one user or of all, and what of it is taken. Strangers, whom the server does not believe to be who they say, have a part of
/// it, so that they cannot fill it for others; what they do not use is everybody's. Used under the lock of <see cref="Mailboxes"/>.
/// </summary>
/// <param name="most">How much there may be.</param>
/// <param name="percentOfStrangers">How much of it strangers may take.</param>
internal sealed class MessageRoom(Occupancy most, int percentOfStrangers)
{
    private Occupancy _ofStrangers;

    /// <summary>What is taken.</summary>
    public Occupancy Taken { get; private set; }

    /// <summary>Whether there is room for one more.</summary>
    public Room For(StoredMessage message) =>
        !Taken.With(message).IsWithin(most) ? Room.None
        : message.IsOfStranger && !_ofStrangers.With(message).IsWithin(most.Part(percentOfStrangers)) ? Room.NoneForStrangers
        : Room.Enough;

    /// <summary>One more.</summary>
    public void Add(StoredMessage message)
    {
        Taken = Taken.With(message);
        _ofStrangers = message.IsOfStranger ? _ofStrangers.With(message) : _ofStrangers;
    }

    /// <summary>One less.</summary>
    public void Remove(StoredMessage message)
    {
        Taken = Taken.Without(message);
        _ofStrangers = message.IsOfStranger ? _ofStrangers.Without(message) : _ofStrangers;
    }
}

/// <summary>Whether there is room for a message.</summary>
internal enum Room
{
    /// <summary>There is.</summary>
    Enough,

    /// <summary>There is none for anybody.</summary>
    None,

    /// <summary>There is, but not for a stranger.</summary>
    NoneForStrangers,
}
