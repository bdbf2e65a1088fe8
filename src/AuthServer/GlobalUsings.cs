global using Words = Recovery.Words; // times are said alike on our pages, on recovery's and in mail
