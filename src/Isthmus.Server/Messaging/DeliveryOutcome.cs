// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>What came of an attempt in which no device took the message.</summary>
/// <param name="Said">Why, for people.</param>
/// <param name="Devices">The devices that the user has.</param>
/// <param name="Answers">What those made of it that were tried.</param>
internal sealed record DeliveryOutcome(string Said, IReadOnlyList<string> Devices, IReadOnlyList<DeviceAnswer> Answers)
{
    /// <summary>No device could be tried.</summary>
    public static DeliveryOutcome Nobody(string said) => new(said, [], []);

    /// <summary>Whether a device has answered, so that the next attempt is not a repetition of this one.</summary>
    public bool IsAnswered => Answers.Any(answer => answer.HasSpoken);

    /// <summary>Whether somebody may be reached later who was not now.</summary>
    public bool IsAbsence => Devices.Count == 0 || Answers.Any(answer => answer.Reaction == Reaction.Absent);
}

/// <summary>What one device makes of a message.</summary>
/// <param name="Device">The device.</param>
/// <param name="Reaction">What it makes of it.</param>
/// <param name="HasSpoken">Whether it has said so itself.</param>
internal readonly record struct DeviceAnswer(string Device, Reaction Reaction, bool HasSpoken);
