// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Phone;

/// <summary>How the user of a phone is to be seen by those who watch the phone itself.</summary>
/// <param name="Availability">In a word; who is online and has an answered call is on the phone.</param>
/// <param name="Note">Some words; null: none.</param>
public sealed record PhonePresence(Availability Availability, string? Note = null);
